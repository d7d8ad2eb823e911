/** `shoal`: the terminal peer. */
import { runMain } from '@shoal/cli';
import { runProgram } from './program.ts';

await runMain('shoal', () => runProgram(process.argv.slice(2)));
