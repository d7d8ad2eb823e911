/** `shoal-tracker`: the tracker server. */
import { runMain } from '@shoal/cli';
import { runProgram } from './program.ts';

await runMain('shoal-tracker', () => runProgram(process.argv.slice(2)));
