/** A folder that a test may fill; it goes when the test ends. */
import { temporaryFolder } from '@shoal/testkit';
import { onTestFinished } from 'vitest';

export async function tempFolder(): Promise<string> {
  const { path, remove } = await temporaryFolder();
  onTestFinished(remove);
  return path;
}
