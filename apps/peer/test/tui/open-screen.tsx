/** The whole screen on a terminal in memory. */
import { EventEmitter } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { render } from 'ink';
import type { CommandPort } from '../../src/tui/actions/controls.ts';
import { App } from '../../src/tui/app.tsx';
import type { TorrentPort } from '../../src/tui/engine-port.ts';
import { plainTheme, type Theme } from '../../src/tui/theme.ts';
import type { FakeEngine } from './fake-engine.ts';
import { START_MS } from './fake-peers.ts';

export interface ScreenOptions {
  readonly engine: FakeEngine;
  readonly columns?: number;
  readonly rows?: number;
  readonly theme?: Theme;
  readonly commands?: Partial<CommandPort>;
  readonly saveFolder?: string;
  readonly listenForNotices?: (listener: (text: string) => void) => () => void;
  readonly signal?: AbortSignal;
}

export interface Screen {
  /** What is on the terminal: lines without styles, their ends trimmed. */
  readonly text: () => string;
  /** The last frame as it was written. */
  readonly frame: () => string;
  /** What went to the clipboard. */
  readonly copied: readonly string[];
  /** Titles that the window was given. */
  readonly titles: readonly string[];
  readonly type: (keys: string) => void;
  readonly resize: (columns: number, rows: number) => void;
  /** What the screen was left with, once it is left. */
  readonly left: Promise<unknown>;
  readonly close: () => void;
}

class FakeStdout extends EventEmitter {
  columns: number;
  rows: number;
  last = '';

  constructor(columns: number, rows: number) {
    super();
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string, done?: () => void): boolean {
    if (text !== '') this.last = text;
    done?.();
    return true;
  }
}

class FakeStdin extends EventEmitter {
  readonly isTTY = true;
  #waiting: string | null = null;

  push(text: string): void {
    this.#waiting = (this.#waiting ?? '') + text;
    this.emit('readable');
  }

  read(): string | null {
    const text = this.#waiting;
    this.#waiting = null;
    return text;
  }

  setEncoding(): void {}
  setRawMode(): void {}
  ref(): void {}
  unref(): void {}
}

export function openScreen(options: ScreenOptions): Screen {
  const { engine, columns = 80, rows = 24, theme = plainTheme, signal } = options;
  const commands = options.commands && { ...noCommands, ...options.commands };
  const copied: string[] = [];
  const titles: string[] = [];
  const stdout = new FakeStdout(columns, rows);
  const stdin = new FakeStdin();
  const { waitUntilExit, unmount, cleanup } = render(
    <App
      engine={engine}
      addSource={(text) => addMagnet(engine, text)}
      saveFolder={options.saveFolder}
      version="0.1.0"
      theme={theme}
      wallMs={() => START_MS}
      copy={(text) => copied.push(text)}
      setTitle={(title) => titles.push(title)}
      commands={commands}
      listenForNotices={options.listenForNotices}
      signal={signal}
    />,
    {
      stdout: stdout as unknown as NodeJS.WriteStream,
      stdin: stdin as unknown as NodeJS.ReadStream,
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
      interactive: true,
    },
  );
  return {
    frame: () => stdout.last,
    copied,
    titles,
    text: () =>
      stripVTControlCharacters(stdout.last)
        .split('\n')
        .map((line) => line.trimEnd())
        .join('\n'),
    type: (keys) => stdin.push(keys),
    resize: (newColumns, newRows) => {
      stdout.columns = newColumns;
      stdout.rows = newRows;
      stdout.emit('resize');
    },
    left: waitUntilExit(),
    close: () => {
      unmount();
      cleanup();
    },
  };
}

const noCommands: CommandPort = {
  run: async () => ({ lines: [], isError: false }),
  complete: async (line, cursor) => ({ line, cursor, candidates: [] }),
  completeSource: async (line) => ({ line, cursor: line.length, candidates: [] }),
  older: (current) => current,
  newer: (current) => current,
};

async function addMagnet(engine: FakeEngine, text: string): Promise<readonly TorrentPort[]> {
  if (!text.startsWith('magnet:')) throw new Error(`There is no torrent at ${text}.`);
  return [engine.addMagnet(text)];
}
