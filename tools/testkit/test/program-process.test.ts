import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventsOf, ProgramProcess } from '../src/program-process.ts';
import { type TemporaryFolder, temporaryFolder } from '../src/temporary-folder.ts';

let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

async function start(source: string, ...args: readonly string[]): Promise<ProgramProcess> {
  const main = join(folder.path, 'main.mts');
  await writeFile(main, source);
  return new ProgramProcess(main, args, { cwd: folder.path, env: { NAME: 'reef' }, input: 'in' });
}

it('gives a program its arguments, its variables, its folder and its input', async () => {
  const program = await start(
    `
    process.stdin.once('data', (bytes) => {
      console.log(process.argv[2], process.env.NAME, process.env.HOME, process.cwd(), String(bytes));
      process.exit(3);
    });`,
    '-q',
  );
  const { code, stdout } = await program.ended;
  expect(stdout).toBe(`-q reef undefined ${folder.path} in\n`);
  expect(code).toBe(3);
});

it('lets a program find the sources of other packages, built or not', async () => {
  const program = await start(
    `
    import { createRequire } from 'node:module';
    console.log(createRequire(process.argv[2]).resolve('@shoal/units'));
    process.exit();`,
    import.meta.filename,
  );
  expect((await program.ended).stdout).toMatch(/units\/src\/index\.ts\n$/);
});

it('waits for what a program says, and stops it', async () => {
  const program = await start(`console.error('port', 7); setInterval(() => {}, 1000);`);
  expect((await program.says(/port (\d)/))[1]).toBe('7');
  expect(await program.stop()).toMatchObject({ code: null, stderr: 'port 7\n' });
});

it('says what a program wrote that ended without the words', async () => {
  const program = await start(`console.log('no room');`);
  await expect(program.says(/done/)).rejects.toThrow('it ended without /done/:\nno room');
});

it('reads the events of --json', async () => {
  const program = await start(`console.log('{"event":"added"}'); console.log('{"event":"end"}');
    process.exit();`);
  expect(eventsOf(await program.ended)).toEqual([{ event: 'added' }, { event: 'end' }]);
});
