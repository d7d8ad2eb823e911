import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CliError } from '../src/cli-error.ts';
import { type CodedError, explainError, explaining } from '../src/explain-error.ts';

function coded(name: string, code: string, message: string): CodedError {
  return Object.assign(new Error(message), { name, code });
}

describe('errors of the packages', () => {
  it.each([
    ['BencodeError', 'truncated', 25],
    ['BencodeError', 'too-large', 25],
    ['BencodeError', 'wrong-type', 26],
    ['BencodeError', 'missing', 26],
    ['BencodeError', 'out-of-range', 26],
    ['MetainfoError', 'bad-piece-count', 26],
    ['MetainfoError', 'bad-magnet', 27],
    ['StoreError', 'disk-full', 9],
    ['StoreError', 'io', 1],
    ['EngineError', 'bad-magnet', 27],
    ['EngineError', 'bad-selection', 28],
    ['EngineError', 'port-taken', 1],
    ['EngineError', 'state-unreadable', 1],
    ['TrackerError', 'bad-answer', 1],
  ])('ends %s %s with exit code %d, a sentence and a next step', (name, code, exitCode) => {
    const known = explainError(coded(name, code, 'something is wrong'), 'x.torrent');
    expect(known?.exitCode).toBe(exitCode);
    expect(known?.sentence).toBe('x.torrent: something is wrong.');
    expect(known?.nextStep).toMatch(/\.$/);
  });

  it('ends whatever was stopped by a full disk with exit code 9', () => {
    const cause = Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
    const error = Object.assign(coded('EngineError', 'state-unwritable', 'cannot write'), {
      cause,
    });
    expect(explainError(error)?.exitCode).toBe(9);
  });

  it('names the path that could not be read', () => {
    const cause = Object.assign(new Error('no file'), { code: 'ENOENT', path: '/a/b' });
    const error = Object.assign(coded('MetainfoError', 'unreadable', 'cannot read'), { cause });
    expect(explainError(error)?.sentence).toBe('/a/b does not exist.');
  });

  it.each([
    ['cannot write x', '', 'Cannot write x.'],
    ['many/d1/f1.txt is no plain file', '', 'many/d1/f1.txt is no plain file.'],
    ['info.length: expected an integer', '', 'info.length: expected an integer.'],
    ['reef is no file', 'reef', 'reef is no file.'],
    ['re\u202eef is no file', 're\u202eef', 're\ufffdef is no file.'],
  ])('begins with a capital, and leaves a path as it is: %s', (message, path, sentence) => {
    const error = Object.assign(coded('StoreError', 'io', message), { path });
    expect(explainError(error)?.sentence).toBe(sentence);
  });

  it('leaves bugs alone', () => {
    expect(explainError(new TypeError('x is not a function'))).toBeUndefined();
    expect(explainError(coded('OtherError', 'odd', 'odd'))).toBeUndefined();
    expect(explainError('text')).toBeUndefined();
  });

  it('keeps a CliError as it is', () => {
    const error = new CliError(28, 'No.', 'Do.');
    expect(explainError(error, 'subject')).toBe(error);
  });

  it('lets no escape of the subject or the message through', () => {
    const known = explainError(coded('BencodeError', 'x', 'key \x1b[2J'), 'a\x1b]0;b\x07');
    expect(known?.message).not.toMatch(/\p{Cc}/u);
  });
});

describe('errors of the system', () => {
  it('names a path that does not exist', async () => {
    const failure = explaining('torrent', () => readFile('/no/such/file'));
    await expect(failure).rejects.toThrow('/no/such/file does not exist. Check the path.');
  });

  it('names a folder in the place of a file, and a file in the place of a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shoal-cli-'));
    await writeFile(join(folder, 'file'), '');
    await expect(explaining(folder, () => readFile(folder))).rejects.toThrow(
      `${folder} is a folder, not a file.`,
    );
    const inside = join(folder, 'file', 'x');
    await expect(explaining('', () => readFile(inside))).rejects.toThrow('is not inside a folder');
    await rm(folder, { recursive: true });
  });

  it('calls a full disk full', async () => {
    const full = await open('/dev/full', 'w');
    const failure = explaining('/dev/full', () => full.writeFile('x'));
    await expect(failure).rejects.toMatchObject({ exitCode: 9 });
    await full.close();
  });

  it('names a taken port', async () => {
    const first = createServer();
    await new Promise<void>((done) => first.listen(0, '127.0.0.1', done));
    const { port } = first.address() as { port: number };
    const second = createServer();
    const error = await new Promise((done) => second.on('error', done).listen(port, '127.0.0.1'));
    expect(explainError(error)?.message).toBe(
      `Port ${port} on 127.0.0.1 is taken. Give another one with --port, or --port 0 for any free one.`,
    );
    first.close();
  });
});
