/** Puts the screen on a terminal and takes it off again. */
import { Buffer } from 'node:buffer';
import process from 'node:process';
import { render } from 'ink';
import type { CommandPort, QuitReason } from './actions/controls.ts';
import { App } from './app.tsx';
import { asciiTerminal, showsGlyphs, type TerminalVariables } from './ascii-terminal.ts';
import type { EnginePort, TorrentPort } from './engine-port.ts';
import { themeFor } from './theme.ts';
import { titleControl } from './title-control.ts';

export interface TuiOptions {
  readonly engine: EnginePort;
  /** A terminal: keys are read in raw mode. */
  readonly stdin: NodeJS.ReadStream;
  /** A terminal: its size is followed. */
  readonly stdout: NodeJS.WriteStream;
  /** Adds what one magnet or path names; its errors are shown as they are, so they should be sentences. */
  readonly addSource: (text: string) => Promise<readonly TorrentPort[]>;
  /** Where what is added is saved, as a person writes it. */
  readonly saveFolder?: string;
  readonly version: string;
  /** Runs lines that begin with `/`; without it there is no command line. */
  readonly commands?: CommandPort;
  /** Lines that come up beside the torrents. @returns unsubscribe */
  readonly listenForNotices?: (listener: (text: string) => void) => () => void;
  /** Ends the screen as `interrupted`, for signals of the system. */
  readonly signal?: AbortSignal;
  /** Called when the screen is left and the terminal is as it was. */
  readonly onQuit?: (reason: QuitReason) => void;
  /** Wall time, milliseconds since 1970. */
  readonly wallMs?: () => number;
  /** Says what the terminal can show. */
  readonly env?: TerminalVariables & { readonly NO_COLOR?: string | undefined };
}

export interface TuiResult {
  /** `quit` by its key, `interrupted` by Ctrl-C or the signal. */
  readonly reason: QuitReason;
}

/** Frames a second: quick enough to feel alive, slow enough to leave the processor to the transfer. */
const MAX_FPS = 10;

/** OSC 52: the terminal's own clipboard, also over SSH. What does not know it says nothing. */
function toClipboard(text: string): string {
  return `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`;
}

/**
 * Shows the screen until it is left. The engine goes on: whoever made it closes it.
 *
 * The frame fills the terminal exactly. Ink compares it line by line with the one before and
 * clears only when the window shrinks, so nothing flickers.
 */
export async function runTui(options: TuiOptions): Promise<TuiResult> {
  const { stdin, stdout, env = process.env, wallMs = Date.now } = options;
  const title = titleControl((text) => void stdout.write(text), env.TERM);
  const { waitUntilExit, unmount } = render(
    <App
      engine={options.engine}
      addSource={options.addSource}
      saveFolder={options.saveFolder}
      version={options.version}
      theme={themeFor(env)}
      wallMs={wallMs}
      copy={(text) => stdout.write(toClipboard(text))}
      setTitle={(text) => title.set(text)}
      commands={options.commands}
      listenForNotices={options.listenForNotices}
      signal={options.signal}
    />,
    {
      stdin,
      stdout: showsGlyphs(env) ? stdout : asciiTerminal(stdout),
      exitOnCtrlC: false,
      interactive: true,
      alternateScreen: true,
      incrementalRendering: true,
      maxFps: MAX_FPS,
    },
  );
  // A terminal that went away says so by an error on every write.
  const handleLostTerminal = () => unmount();
  stdout.on('error', handleLostTerminal);
  const reason = (await waitUntilExit()) === 'quit' ? 'quit' : 'interrupted';
  title.restore();
  stdout.off('error', handleLostTerminal);
  options.onQuit?.(reason);
  return { reason };
}
