/** A real terminal of a given size, by way of tmux on a server of its own. */
import { execFile, execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface TerminalOptions {
  readonly columns: number;
  readonly rows: number;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Every byte the program writes goes to this file too. */
  readonly logFile?: string;
}

export interface Terminal {
  /** The screen as text, its line ends trimmed. */
  text(): Promise<string>;
  /** The screen with its styles (SGR). */
  styled(): Promise<string>;
  /** Keys by tmux's names: `Enter`, `Escape`, `Tab`, `Down`, or letters. */
  keys(...names: string[]): Promise<void>;
  /** Through the clipboard, marked as a paste if the program asked for that. */
  paste(text: string): Promise<void>;
  resize(columns: number, rows: number): Promise<void>;
  /** Lines from elsewhere, as `wall` writes them over whatever is shown. */
  damage(text: string): Promise<void>;
  close(): Promise<void>;
}

/** @returns whether tmux can be run here */
export function hasTmux(): boolean {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export async function openTerminal(options: TerminalOptions): Promise<Terminal> {
  const { columns, rows, command, env = {}, logFile } = options;
  const server = `shoal-${process.pid}-${columns}x${rows}-${process.hrtime.bigint()}`;
  const tmux = async (...args: string[]): Promise<string> =>
    (await run('tmux', ['-u', '-L', server, '-f', '/dev/null', ...args])).stdout;
  const all = { LC_ALL: 'C.UTF-8', ...env };
  const shell = [...Object.entries(all).map(([name, value]) => `${name}=${quote(value)}`)];
  const line = `${['env', '-u', 'CI', ...shell, ...command.map(quote)].join(' ')}; exec cat`;
  await tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), line);
  if (logFile !== undefined) await tmux('pipe-pane', '-o', `cat >> ${quote(logFile)}`);
  return {
    text: async () => (await tmux('capture-pane', '-p')).replace(/ +$/gm, '').trimEnd(),
    styled: async () => (await tmux('capture-pane', '-pe')).replace(/\n$/, ''),
    keys: async (...names) => void (await tmux('send-keys', ...names)),
    paste: async (text) => {
      await tmux('set-buffer', '--', text);
      await tmux('paste-buffer', '-p');
    },
    resize: async (newColumns, newRows) =>
      void (await tmux('resize-window', '-x', String(newColumns), '-y', String(newRows))),
    damage: async (text) =>
      writeFile((await tmux('display-message', '-p', '#{pane_tty}')).trim(), text),
    close: async () => void (await tmux('kill-server')),
  };
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
