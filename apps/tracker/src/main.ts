/** `shoal-tracker`: the tracker server. */
import { runMain } from '@shoal/cli';
import { drainLines } from './logging/line-writer.ts';
import { runProgram } from './program.ts';

let isWritten = true;
await runMain('shoal-tracker', async () => {
  try {
    return await runProgram(process.argv.slice(2));
  } finally {
    isWritten = await drainLines();
  }
});
// Lines that nobody reads would keep the process.
if (!isWritten) process.exit();
