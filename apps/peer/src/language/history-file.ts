/** The history kept across runs: a line a line, only for its owner to read, for URLs hold passkeys. */
import { appendFile, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder, replaceFile } from '@shoal/chunk-store';
import { HISTORY_LIMIT, HISTORY_LINE_LIMIT, History, isKept } from './history.ts';

const OWNER_ONLY = 0o600;
/** A larger file is not ours, in bytes. */
const MAX_FILE_LENGTH = 2 * HISTORY_LIMIT * HISTORY_LINE_LIMIT;

/** Several programs may use one file: each appends its own lines. */
export class HistoryFile {
  readonly history: History;
  readonly #path: string;
  /** Appends go one after another. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, history: History) {
    this.#path = path;
    this.history = history;
  }

  /**
   * Reads what is there; the file is cut to its newest lines when it has twice as many as are kept.
   * A file that cannot be read is an empty history.
   */
  static async open(path: string): Promise<HistoryFile> {
    const lines = await readLines(path);
    const kept = lines.slice(-HISTORY_LIMIT);
    const file = new HistoryFile(path, new History(kept));
    if (lines.length > 2 * HISTORY_LIMIT)
      file.#write(() => replaceFile(path, bytesOf(kept), { mode: OWNER_ONLY }));
    return file;
  }

  /** Keeps a line in memory and on disk. */
  add(line: string): void {
    if (!this.history.add(line)) return;
    this.#write(async () => {
      await makeFolder(dirname(this.#path));
      await appendFile(this.#path, `${line}\n`, { mode: OWNER_ONLY });
    });
  }

  /** Resolves when all is on disk that can be put there. */
  settled(): Promise<void> {
    return this.#writing;
  }

  /** A disk that takes no history is no reason to refuse commands: it lasts for this run then. */
  #write(step: () => Promise<void>): void {
    this.#writing = this.#writing.then(step).catch(() => undefined);
  }
}

async function readLines(path: string): Promise<string[]> {
  try {
    if ((await stat(path)).size > MAX_FILE_LENGTH) return [];
    return (await readFile(path, 'utf8')).split('\n').filter(isKept);
  } catch {
    return []; // not there yet, or not readable: the history begins anew
  }
}

function bytesOf(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
}
