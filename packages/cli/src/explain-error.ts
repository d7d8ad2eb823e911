/** The errors of all Shoal packages as one sentence, the next step and an exit code. */
import { capitalise } from './capitalise.ts';
import { cleanText } from './clean-text.ts';
import { CliError } from './cli-error.ts';
import { ExitCode } from './exit-code.ts';
import { explainSystemError, isSystemError, MAKE_ROOM } from './system-error.ts';

/** Exit code and what to do, for an error of one class and code. */
type Row = readonly [exitCode: ExitCode, nextStep: string];

const DAMAGED = 'It may be cut or damaged: fetch or make it again.';
const MAGNET_FORM = 'A magnet begins with magnet:?xt=urn:btih: and the infohash (40 hex digits).';
const OTHER_FOLDER = 'Give a folder that can be written with --output.';

/** By class, then by code; `*` stands for every other code of the class. */
const ROWS: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  BencodeError: {
    // The bytes are bencode, and what they say is no torrent.
    missing: [ExitCode.badTorrent, DAMAGED],
    'wrong-type': [ExitCode.badTorrent, DAMAGED],
    'out-of-range': [ExitCode.badTorrent, DAMAGED],
    'bad-text': [ExitCode.badTorrent, DAMAGED],
    '*': [ExitCode.badBencode, DAMAGED],
  },
  MetainfoError: {
    'bad-magnet': [ExitCode.badMagnet, MAGNET_FORM],
    'v2-only': [ExitCode.badTorrent, 'Ask for a v1 or hybrid torrent of the same files.'],
    'nothing-to-share': [ExitCode.error, 'Give a file, or a folder with files in it.'],
    'bad-name': [ExitCode.badOption, 'Rename it; shoal create --name names the torrent itself.'],
    'bad-url': [ExitCode.badOption, 'Check the URL.'],
    'unfit-piece-length': [ExitCode.badOption, 'Give another one with --piece-length.'],
    unreadable: [ExitCode.error, 'Check the path and its permissions.'],
    'file-changed': [ExitCode.error, 'Run it again when nothing writes to the files any more.'],
    '*': [ExitCode.badTorrent, DAMAGED],
  },
  StoreError: {
    'disk-full': [ExitCode.diskFull, MAKE_ROOM],
    'no-permission': [ExitCode.error, OTHER_FOLDER],
    'unsafe-path': [ExitCode.error, 'Take the link or file away, or give another folder.'],
    'too-many-files': [ExitCode.error, 'Raise the limit of open files (ulimit -n).'],
    missing: [ExitCode.error, 'Check the path, or bring back what is missing.'],
    exists: [ExitCode.error, 'Move it away, or give another path with --output.'],
    'not-a-file': [ExitCode.error, 'Give the path of a file.'],
    'too-many-chunks': [ExitCode.badOption, 'Give larger chunks with --chunk-length.'],
    'bad-manifest': [ExitCode.badTorrent, 'Give a folder that shoal split made.'],
    '*': [ExitCode.error, 'Check the disk.'],
  },
  EngineError: {
    'bad-magnet': [ExitCode.badMagnet, MAGNET_FORM],
    'bad-selection': [ExitCode.badOption, 'Run shoal show to see the numbers of the files.'],
    'port-taken': [ExitCode.error, 'Give another one with --port, or --port 0 for any free one.'],
    'state-locked': [
      ExitCode.error,
      'End the other one, or give this one its own folder: --state.',
    ],
    'state-unwritable': [ExitCode.error, 'Give a folder that can be written with --state.'],
    'state-unreadable': [ExitCode.error, 'Give a folder that can be read with --state.'],
    duplicate: [ExitCode.error, 'Name each torrent once.'],
    '*': [ExitCode.error, ''],
  },
  DiscoveryError: {
    'bad-address': [ExitCode.badOption, 'Write HOST:PORT, such as 192.0.2.7:6881.'],
    '*': [ExitCode.error, ''],
  },
  TrackerError: {
    'port-taken': [ExitCode.error, 'Give another one with --serve-tracker PORT, or 0 for any.'],
    'cannot-listen': [ExitCode.error, 'Give another one with --serve-tracker PORT, or 0 for any.'],
    '*': [ExitCode.error, 'Check the URL of the tracker.'],
  },
};

/** What of a package's error is used: also the shape of the engine's `torrent-error` event. */
export interface CodedError {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/**
 * The sentence for an error, whatever threw it.
 * @param subject - what was being read or written, such as a path; begins the sentence
 * @returns undefined for an error that is nobody's but ours: a bug
 */
export function explainError(error: unknown, subject = ''): CliError | undefined {
  if (error instanceof CliError) return error;
  if (isSystemError(error)) return explainSystemError(error, error.path ?? subject);
  if (!isCoded(error)) return undefined;
  const { cause } = error as { cause?: unknown };
  if (error.code === 'unreadable' && isSystemError(cause))
    return explainSystemError(cause, cause.path ?? subject);
  const rows = ROWS[error.name]!;
  const [exitCode, nextStep] = isDiskFull(cause)
    ? ([ExitCode.diskFull, MAKE_ROOM] as const)
    : (rows[error.code] ?? rows['*']!);
  const text = cleanText(error.message, 300);
  const { path = '' } = error as { path?: string };
  const sentence =
    subject === '' ? capitalise(text, cleanText(path, 300)) : `${cleanText(subject, 300)}: ${text}`;
  return new CliError(exitCode, endSentence(sentence), nextStep, { cause: error });
}

/** Runs a step, and lets what it throws come out as the sentence about `subject`; bugs stay as they are. */
export async function explaining<T>(subject: string, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw explainError(error, subject) ?? error;
  }
}

function isDiskFull(cause: unknown): boolean {
  return isSystemError(cause) && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
}

function isCoded(error: unknown): error is CodedError {
  if (typeof error !== 'object' || error === null) return false;
  const { name, code, message } = error as Partial<CodedError>;
  return (
    typeof code === 'string' &&
    typeof message === 'string' &&
    typeof name === 'string' &&
    Object.hasOwn(ROWS, name)
  );
}

function endSentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
