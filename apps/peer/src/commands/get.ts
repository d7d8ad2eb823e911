/** `shoal get`: downloads without a screen, ends when all is complete and verified. */
import {
  CliError,
  cleanText,
  ExitCode,
  formatByteSize,
  formatDuration,
  formatRate,
  type Reporter,
  seedGoalOf,
  stoppable,
} from '@shoal/cli';
import type { TorrentSummary } from '@shoal/engine';
import { type Arguments, demandOneTorrent, readArguments } from '../add-source.ts';
import { stateFolderFor } from '../engine-options.ts';
import { type FetchedTorrent, FetchRun } from '../fetch-run.ts';
import type { Folders } from '../folders.ts';
import { isNothingWanted } from '../nothing-wanted.ts';
import type { PeerFlags } from '../peer-flags.ts';
import { openSession } from '../session.ts';

export function get(texts: readonly string[], flags: PeerFlags): Promise<ExitCode> {
  const run = async (reporter: Reporter, signal: AbortSignal): Promise<ExitCode> => {
    const given = await readArguments(texts);
    demandOneTorrent(given, flags);
    return fetchAll(given, flags, reporter, signal);
  };
  return stoppable(flags, run, 'The same command goes on where it was.');
}

async function fetchAll(
  given: Arguments,
  flags: PeerFlags,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<ExitCode> {
  const session = await openSession({
    flags,
    teller: reporter,
    defaultState: stateFolderFor,
    resumesAll: true,
    handleBad: (error) => run.fail(error),
    handleAdded: (torrent, { port }) => {
      run.watch(torrent);
      const { infoHash, name } = torrent.getSummary();
      reporter.event('ready', { port, infoHash, name });
    },
  });
  const run = new FetchRun(session.engine, reporter, seedGoalOf(flags));
  const isEndless = flags.watch === true;
  let folders: Folders;
  try {
    folders = await session.take(given, isEndless);
    await run.settled(signal, () => isEndless || folders.areUnfinished);
  } finally {
    reporter.end();
    await session.close();
  }
  const exitCode = conclude(run, reporter);
  if (folders.firstBad !== undefined && !isEndless) throw run.lastFailure ?? folders.firstBad;
  return exitCode;
}

/** Says what came of each torrent. @throws CliError of one that failed: the one that was not told yet */
function conclude(run: FetchRun, reporter: Reporter): ExitCode {
  const results = run.results();
  for (const result of results)
    if (result.elapsedMs !== undefined) reporter.say(formatResult(result));
  const failed = results.find(({ elapsedMs }) => elapsedMs === undefined);
  if (failed === undefined) return ExitCode.done;
  throw (
    run.lastFailure ??
    run.report.failureOf(failed.summary.infoHash) ??
    explainUnfinished(failed.summary)
  );
}

function explainUnfinished(summary: TorrentSummary): CliError {
  const name = cleanText(summary.name);
  if (isNothingWanted(summary))
    return new CliError(
      ExitCode.error,
      `${name}: no file is selected.`,
      'Name some with --select; shoal show lists them.',
    );
  return new CliError(ExitCode.error, `${name}: ${summary.error ?? 'it was not completed'}`);
}

function formatResult(result: FetchedTorrent): string {
  const { summary, fetchedLength, elapsedMs = 0 } = result;
  const place = cleanText(result.place);
  const what = `${cleanText(summary.name)}: ${formatByteSize(summary.haveLength)} complete and verified`;
  if (fetchedLength === 0) return `${what}, was there already, in ${place}`;
  const rate = formatRate((fetchedLength * 1000) / Math.max(1, elapsedMs));
  return `${what}, ${formatByteSize(fetchedLength)} fetched in ${formatDuration(elapsedMs / 1000)} (${rate}), in ${place}`;
}
