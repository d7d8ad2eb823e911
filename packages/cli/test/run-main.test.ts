/** The whole frame, run as programs of their own: what a shell sees. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(ROOT, 'test', 'tmp-'));
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
  await writeFile(join(folder, 'readme.ts'), /```ts\n(.*?)```/s.exec(readme)![1]!);
});
afterAll(() => rm(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(script: string, args: readonly string[] = [], env = {}): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ['--conditions=@shoal/source', join(folder, script), ...args],
    { cwd: ROOT, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes) => {
    stdout += bytes;
  });
  child.stderr.on('data', (bytes) => {
    stderr += bytes;
  });
  const code = await new Promise<number | null>((done) => child.on('close', done));
  return { code, stdout, stderr };
}

async function runBody(body: string, args: readonly string[] = []): Promise<Ended> {
  const script = `${Math.abs(hash(body))}.ts`;
  const source = `import { runMain } from '@shoal/cli';\nawait runMain('prog', async () => { ${body} });\n`;
  await writeFile(join(folder, script), source);
  return run(script, args);
}

function hash(text: string): number {
  let value = 0;
  for (const character of text) value = (value * 31 + character.codePointAt(0)!) | 0;
  return value;
}

describe('the example of the README', () => {
  it('runs, with the flag and with its twin', async () => {
    expect(await run('readme.ts', ['me', '--size', '10'])).toEqual({
      code: 0,
      stdout: 'hello me!!\n',
      stderr: '',
    });
    expect((await run('readme.ts', ['me'], { SHOAL_SIZE: '9' })).stdout).toBe('hello me!\n');
  });

  it.each([
    [
      ['--size', '1X', 'me'],
      28,
      /^greet: Option '--size <bytes>' argument '1X' is invalid\. Write/,
    ],
    [['--sise', '1', 'me'], 2, /^greet: Unknown option '--sise' .*--size.* Run greet --help/],
    [[], 2, /^greet: Missing required argument 'name'\. Run greet --help/],
    [[''], 1, /^greet: The name is empty\. Give a name/],
  ])('ends %j with exit code %d and one line', async (args, code, line) => {
    const ended = await run('readme.ts', args);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(line);
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('prints help and version with exit code 0', async () => {
    const help = await run('readme.ts', ['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--size <bytes>');
    expect(await run('readme.ts', ['-V'])).toEqual({ code: 0, stdout: '1.0.0\n', stderr: '' });
  });
});

describe('runMain', () => {
  it('calls a bug a bug, and shows its stack only with --debug', async () => {
    const body = `throw new TypeError('a.b is not a function')`;
    const plain = await runBody(body);
    expect(plain).toMatchObject({ code: 1 });
    expect(plain.stderr).toMatch(/^prog: This is a fault in Shoal itself \(TypeError: a\.b .*\n$/);
    expect((await runBody(body, ['--debug'])).stderr).toMatch(/\n {4}at /);
  });

  it('calls a bug outside of the promise a bug too', async () => {
    const ended = await runBody(
      `setImmediate(() => { throw new RangeError('late'); }); await new Promise(() => setInterval(() => {}, 1e6));`,
    );
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/^prog: This is a fault in Shoal itself \(RangeError: late/);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'ends with the same code when stderr is a full disk',
    async () => {
      await writeFile(
        join(folder, 'full.ts'),
        "import { runMain } from '@shoal/cli';\nawait runMain('prog', async () => { console.error('x'); await new Promise((done) => setTimeout(done, 1)); return 7; });\n",
      );
      const shell = `"${process.execPath}" --conditions=@shoal/source full.ts 2>/dev/full`;
      const child = spawn('sh', ['-c', shell], { cwd: folder, stdio: 'ignore' });
      expect(await new Promise((done) => child.on('close', done))).toBe(7);
    },
  );

  it('ends in silence when the reader goes away', async () => {
    await writeFile(
      join(folder, 'pipe.ts'),
      `import { runMain } from '@shoal/cli';
       await runMain('prog', async () => {
         for (let i = 0; i < 5000; i++) { process.stdout.write('x'.repeat(100) + '\\n'); if (i % 100 === 0) await new Promise(setImmediate); }
       });`,
    );
    const shell = spawn(
      'sh',
      ['-c', `"${process.execPath}" --conditions=@shoal/source pipe.ts | head -1`],
      { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let stderr = '';
    shell.stderr.on('data', (bytes) => {
      stderr += bytes;
    });
    await new Promise((done) => shell.on('close', done));
    expect(stderr).toBe('');
  });
});
