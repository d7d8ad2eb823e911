/** `shoal-seeder`: the headless seeder. */
import { runMain } from '@shoal/cli';
import { runProgram } from './program.ts';

await runMain('shoal-seeder', () => runProgram(process.argv.slice(2)));
