/** Errors of the operating system as sentences. */
import { cleanText } from './clean-text.ts';
import { CliError } from './cli-error.ts';
import { ExitCode } from './exit-code.ts';

/** What node puts on an error of the system. */
interface SystemError extends Error {
  readonly code: string;
  readonly path?: string;
  readonly address?: string;
  readonly port?: number;
  readonly syscall?: string;
}

/** Exit code, what was wrong with the subject, what to do. */
type Row = readonly [exitCode: ExitCode, predicate: string, nextStep: string];

/** What to do about a full disk. */
export const MAKE_ROOM = 'Free some space and run the same command again.';
const RAISE_FILES = 'Raise the limit of open files (ulimit -n).';

const FILE_ROWS: Readonly<Record<string, Row>> = {
  ENOENT: [ExitCode.error, 'does not exist', 'Check the path.'],
  EACCES: [
    ExitCode.error,
    'may not be used by this user',
    'Change its permissions or take another path.',
  ],
  EPERM: [
    ExitCode.error,
    'may not be used by this user',
    'Change its permissions or take another path.',
  ],
  EROFS: [ExitCode.error, 'lies on a read-only file system', 'Take a folder that can be written.'],
  EISDIR: [ExitCode.error, 'is a folder, not a file', 'Give the path of a file.'],
  ENOTDIR: [
    ExitCode.error,
    'is not inside a folder',
    'Check the path: one of its parents is a file.',
  ],
  EEXIST: [ExitCode.error, 'is there already', 'Take another path or move it away.'],
  ENOTEMPTY: [ExitCode.error, 'is a folder that is not empty', 'Take another path.'],
  ENAMETOOLONG: [ExitCode.error, 'is too long a path', 'Take a shorter one.'],
  ELOOP: [ExitCode.error, 'is a symbolic link that must not be followed', 'Give the real path.'],
  ENOSPC: [ExitCode.diskFull, 'could not be written: the disk is full', MAKE_ROOM],
  EDQUOT: [ExitCode.diskFull, 'could not be written: the disk quota is used up', MAKE_ROOM],
  EMFILE: [ExitCode.error, 'could not be opened: too many open files', RAISE_FILES],
  ENFILE: [ExitCode.error, 'could not be opened: too many open files', RAISE_FILES],
  EIO: [ExitCode.error, 'could not be read or written: the device failed', 'Check the disk.'],
};

const NET_ROWS: Readonly<Record<string, Row>> = {
  EADDRINUSE: [
    ExitCode.error,
    'is taken',
    'Give another one with --port, or --port 0 for any free one.',
  ],
  EADDRNOTAVAIL: [ExitCode.error, 'is no address of this machine', 'Give another one with --host.'],
  EACCES: [ExitCode.error, 'may not be opened by this user', 'Give one above 1023 with --port.'],
};

/** Whether an error came from the system and can be explained here. */
export function isSystemError(error: unknown): error is SystemError {
  return error instanceof Error && 'code' in error && rowOf(error as SystemError) !== undefined;
}

/**
 * The sentence for an error of the system.
 * @param subject - what it was about: begins the sentence, unless it was a port
 */
export function explainSystemError(error: SystemError, subject: string): CliError {
  const [exitCode, predicate, nextStep] = rowOf(error)!;
  const what = isListening(error) ? listenerOf(error) : cleanText(subject, 300);
  return new CliError(exitCode, `${what} ${predicate}.`, nextStep, { cause: error });
}

function rowOf(error: SystemError): Row | undefined {
  return isListening(error) ? NET_ROWS[error.code] : FILE_ROWS[error.code];
}

function isListening(error: SystemError): boolean {
  return error.syscall === 'listen' || error.syscall === 'bind' || error.code === 'EADDRINUSE';
}

function listenerOf(error: SystemError): string {
  const { code, address, port } = error;
  if (address === undefined) return `Port ${port}`;
  return code === 'EADDRNOTAVAIL' ? address : `Port ${port} on ${address}`;
}
