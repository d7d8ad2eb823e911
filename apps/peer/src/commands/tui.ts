/** `shoal`: the screen. With no terminal, or a dumb one, it is `shoal get`. */
import { homedir } from 'node:os';
import process from 'node:process';
import { CliError, ExitCode, listenForStop, seedGoalOf, stateFolder } from '@shoal/cli';
import { EngineError, type TorrentHandle, type TorrentSummary } from '@shoal/engine';
import { type Arguments, demandOneTorrent, readAddSources, readArguments } from '../add-source.ts';
import { homePath } from '../home-path.ts';
import type { Intake } from '../intake.ts';
import { Notices } from '../notices.ts';
import { partingWords } from '../parting-words.ts';
import { pauseAtGoal } from '../pause-at-goal.ts';
import type { PeerFlags } from '../peer-flags.ts';
import { openCommands } from '../screen-commands.ts';
import { openSession } from '../session.ts';
import { VERSION } from '../version.ts';
import { get } from './get.ts';

export interface TuiFlags extends PeerFlags {
  /** A script to run instead of the screen; `-` is standard input. */
  readonly commands?: string;
}

export async function tui(texts: readonly string[], flags: TuiFlags): Promise<ExitCode> {
  if (flags.commands !== undefined) {
    const { runCommands } = await import('../language/run-commands.ts');
    return runCommands(flags.commands, texts, flags);
  }
  if (flags.json === true || !hasScreen()) {
    if (texts.length > 0) return get(texts, flags);
    throw new CliError(
      ExitCode.usage,
      'There is no terminal to show the screen on, and nothing to download.',
      'Give a torrent file or a magnet, or run shoal --help.',
    );
  }
  const stop = listenForStop();
  try {
    const given = await readArguments(texts);
    demandOneTorrent(given, flags);
    return await showScreen(given, flags, stop.signal);
  } finally {
    stop.dispose();
  }
}

/** A terminal that can be drawn on; a dumb one only takes line after line. */
function hasScreen(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY && process.env.TERM !== 'dumb';
}

async function showScreen(
  given: Arguments,
  flags: PeerFlags,
  signal: AbortSignal,
): Promise<ExitCode> {
  const notices = new Notices();
  const session = await openSession({
    /** Log lines would tear the screen: the torrent's own log is shown on it instead. */
    flags: { ...flags, logLevel: 'silent' },
    teller: { event() {}, log() {}, note: (text) => notices.say(text) },
    defaultState: () => stateFolder(),
    handleBad: ({ message }) => notices.say(message),
  });
  const { engine, intake } = session;
  /** Commands that still run are given up when the screen is left. */
  const ending = new AbortController();
  try {
    await session.restore();
    await session.take(given, true);
    const goal = seedGoalOf(flags);
    const stopWatching = goal === undefined ? () => {} : pauseAtGoal(engine, goal);
    // React's other build checks itself, at a third more processor time.
    process.env.NODE_ENV ??= 'production';
    const { runTui } = await import('../tui/main.tsx');
    const { reason } = await runTui({
      engine,
      stdin: process.stdin,
      stdout: process.stdout,
      addSource: (text) => addFrom(text, intake),
      saveFolder: homePath(session.outputFolder, homedir()),
      commands: await openCommands(engine, flags, intake, ending.signal),
      listenForNotices: (listener) => notices.listen(listener),
      version: VERSION,
      signal,
    });
    ending.abort();
    stopWatching();
    const { torrents } = engine.getSnapshot();
    const isComplete = torrents.every(({ status }) => status === 'seeding');
    await takeLeave(torrents, () => session.close());
    return reason === 'quit' || isComplete ? ExitCode.done : ExitCode.stopped;
  } finally {
    await session.close();
  }
}

/** Trackers that do not answer hold the end up for seconds: nobody shall wonder why. */
async function takeLeave(
  torrents: readonly TorrentSummary[],
  close: () => Promise<void>,
): Promise<void> {
  const words = partingWords(torrents);
  if (words === undefined) return;
  process.stdout.write('Saving all and telling the trackers, 3 s at most');
  await close();
  process.stdout.write(`\r\x1b[K${words}\n`);
}

/** What is typed on the screen; of a folder those that are new. */
async function addFrom(text: string, intake: Intake): Promise<readonly TorrentHandle[]> {
  const sources = await readAddSources(text);
  const torrents: TorrentHandle[] = [];
  for (const source of sources) {
    try {
      torrents.push(await intake.add(source));
    } catch (error) {
      const isKnown = error instanceof EngineError && error.code === 'duplicate';
      if (!isKnown || sources.length === 1) throw error;
    }
  }
  return torrents;
}
