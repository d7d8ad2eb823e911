/** `shoal --commands FILE`: the command language without a screen. */
import { ExitCode, type Reporter, stoppable } from '@shoal/cli';
import { type Arguments, demandOneTorrent, readArguments } from '../add-source.ts';
import { stateFolderFor } from '../engine-options.ts';
import type { PeerFlags } from '../peer-flags.ts';
import { openSession } from '../session.ts';
import { openScript } from './open-script.ts';
import { ProgramHost } from './program-host.ts';
import { runScript } from './run-script.ts';

/**
 * Adds what the arguments name, and what was there when it ended last; runs the lines; ends.
 * @param script - a path, or `-` for standard input
 * @returns exit code 1 when a command failed
 */
export function runCommands(
  script: string,
  texts: readonly string[],
  flags: PeerFlags,
): Promise<ExitCode> {
  return stoppable(flags, async (reporter, signal) => {
    const lines = await openScript(script, signal);
    const given = await readArguments(texts);
    demandOneTorrent(given, flags);
    return runAll(lines, given, flags, reporter, signal);
  });
}

async function runAll(
  lines: AsyncIterable<string>,
  given: Arguments,
  flags: PeerFlags,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<ExitCode> {
  const session = await openSession({
    flags,
    teller: reporter,
    defaultState: stateFolderFor,
    handleBad: ({ message }) => reporter.warn(message),
  });
  const { engine, intake } = session;
  engine.onEvent(({ type, ...fields }) => {
    if (type === 'state-damaged' || type === 'torrent-in-use') reporter.event(type, fields);
  });
  const host = new ProgramHost({
    engine,
    boundTo: flags.host,
    add: (source) => intake.add(source),
    onQuit: () => {},
  });
  try {
    await session.restore();
    await session.take(given, true);
    host.view(given.sources[0]?.infoHash);
    reporter.event('ready', { port: engine.port });
    const isWell = await runScript(host, lines, reporter, { signal, hasEnded: () => host.hasQuit });
    return isWell ? ExitCode.done : ExitCode.error;
  } finally {
    await session.close();
  }
}
