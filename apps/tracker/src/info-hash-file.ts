/** Lists of torrents for `--allow` and `--deny`. */
import { readFile } from 'node:fs/promises';
import { CliError, ExitCode, explaining } from '@shoal/cli';
import { hexToInfoHash, type InfoHash } from '@shoal/units';

/**
 * Reads a file with an infohash a line, as 40 hex digits; what follows `#` is a comment.
 * @throws CliError when it cannot be read, or with the number of the line that is no infohash
 */
export async function readInfoHashFile(path: string): Promise<InfoHash[]> {
  const text = await explaining(path, () => readFile(path, 'utf8'));
  const infoHashes: InfoHash[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const hex = line.replace(/#.*/, '').trim();
    if (hex === '') continue;
    const infoHash = hexToInfoHash(hex);
    if (infoHash === undefined)
      throw new CliError(
        ExitCode.badOption,
        `${path}: line ${index + 1} is no infohash.`,
        'Write 40 hex digits a line; a comment begins with #.',
      );
    infoHashes.push(infoHash);
  }
  return infoHashes;
}
