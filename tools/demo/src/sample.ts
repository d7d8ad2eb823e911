/** The sample that the demo shares: many files of many sizes, 64 MiB in all. */
import { randomFillSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const SAMPLE_NAME = 'Coral reef';
export const SAMPLE_LENGTH = 64 * 1024 * 1024;
export const FILE_COUNT = 160;
const FOLDERS = ['Anemones', 'Fish/Day', 'Fish/Night', 'Shells', 'Sounds'];

/** Writes the sample into `parent`. @returns its folder */
export async function writeSample(parent: string): Promise<string> {
  const root = join(parent, SAMPLE_NAME);
  for (const folder of FOLDERS) await mkdir(join(root, folder), { recursive: true });
  for (const [index, length] of fileLengths().entries()) {
    const folder = FOLDERS[index % FOLDERS.length] ?? '';
    const name = `recording ${String(index + 1).padStart(3, '0')}.bin`;
    await writeFile(join(root, folder, name), randomFillSync(new Uint8Array(length)));
  }
  return root;
}

/** Lengths that grow by steps: each file is a step longer than the one before; the last takes the rest. */
export function fileLengths(): number[] {
  const step = Math.floor(SAMPLE_LENGTH / ((FILE_COUNT * (FILE_COUNT + 1)) / 2));
  const lengths = Array.from({ length: FILE_COUNT }, (_, index) => (index + 1) * step);
  const sum = lengths.reduce((total, length) => total + length, 0);
  lengths[FILE_COUNT - 1] = (lengths[FILE_COUNT - 1] ?? 0) + SAMPLE_LENGTH - sum;
  return lengths;
}
