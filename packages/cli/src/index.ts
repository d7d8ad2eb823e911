/** What the command lines of the apps share. */
export {
  formatByteSize,
  formatRate,
  parseByteSize,
  parseLength,
  parseRateLimit,
} from './byte-size.ts';
export { cleanJson, cleanText } from './clean-text.ts';
export { CliError } from './cli-error.ts';
export { formatDuration } from './duration.ts';
export { ExitCode } from './exit-code.ts';
export type { CodedError } from './explain-error.ts';
export { explainError, explaining } from './explain-error.ts';
export {
  flag,
  oneOf,
  parseAmount,
  parsePort,
  parseWhole,
  repeatable,
  trackerUrls,
} from './flag.ts';
export { HeldFailure } from './held-failure.ts';
export type { TextSink } from './json-lines.ts';
export { JsonLines } from './json-lines.ts';
export { isUtf8Locale, type LocaleVariables } from './locale.ts';
export { nearestName } from './nearest-name.ts';
export { formatNumberRanges, parseNumberRanges } from './number-ranges.ts';
export { peersOf } from './peer-address-flag.ts';
export { flagsOf, newProgram, subcommand, TRANSFER_HELP_END, unknownWord } from './program.ts';
export { barStyle, formatBar, formatPercent } from './progress-bar.ts';
export { redactPaths, redactSecrets } from './redact.ts';
export type { ReporterOptions, Teller } from './reporter.ts';
export { Reporter, reporting } from './reporter.ts';
export { runMain } from './run-main.ts';
export type { SeedGoal } from './seed-goal.ts';
export { isSeedGoalReached, seedGoalOf } from './seed-goal.ts';
export { StatusLine } from './status-line.ts';
export { listenForStop, type SignalSource } from './stop-signal.ts';
export { stoppable } from './stoppable.ts';
export type { RunningEngine } from './swarm-engine.ts';
export { openSwarmEngine } from './swarm-engine.ts';
export type { OutputFlags, SwarmFlags } from './swarm-flags.ts';
export { addOutputFlags, addSwarmFlags } from './swarm-flags.ts';
export type { SwarmEvent, SwarmSummary } from './swarm-report.ts';
export { SwarmReport } from './swarm-report.ts';
export type { LogLevel } from './text-log.ts';
export { textLog } from './text-log.ts';
export {
  checkTorrentTarget,
  demandTorrent,
  MAX_TORRENT_LENGTH,
  readTorrentFile,
  torrentPath,
  writeTorrentFile,
} from './torrent-file.ts';
export { torrentRoot } from './torrent-root.ts';
export { withBareFlags } from './tracker-port-flag.ts';
export { configFolder, stateFolder } from './xdg.ts';
