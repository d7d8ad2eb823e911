/** What the commands of `shoal-tracker user` do. */
import { access } from 'node:fs/promises';
import { CliError, ExitCode, explaining, Reporter } from '@shoal/cli';
import { hashPasskey, newPasskey, TrackerError, UserDatabase } from '@shoal/tracker/server';
import { idToHex } from '@shoal/units';
import { systemClock, systemRandom } from '../adapters.ts';
import { memberUrls } from './member-urls.ts';
import type { UserFlags } from './user-flags.ts';
import { torrentTable, userTable } from './user-tables.ts';

/** How long a command waits for a tracker that is writing. */
const BUSY_TIMEOUT_MS = 5_000;

/** Makes the database if there is none. */
export async function addUser(flags: UserFlags, name: string): Promise<void> {
  const passkey = newPasskey(systemRandom);
  withUsers(flags, (users) => users.add(name, hashPasskey(passkey), systemClock.wallMs()));
  sayPasskey(flags, name, passkey, 'user-added');
}

export async function renewUser(flags: UserFlags, name: string): Promise<void> {
  await demandDatabase(flags);
  const passkey = newPasskey(systemRandom);
  withUsers(flags, (users) => users.renew(name, hashPasskey(passkey)));
  sayPasskey(flags, name, passkey, 'user-renewed');
}

export async function setUserDisabled(
  flags: UserFlags,
  name: string,
  isDisabled: boolean,
): Promise<void> {
  await demandDatabase(flags);
  withUsers(flags, (users) => users.setDisabled(name, isDisabled));
  const reporter = new Reporter(flags);
  reporter.event(isDisabled ? 'user-disabled' : 'user-enabled', { name });
  reporter.say(`User ${name} is ${isDisabled ? 'disabled' : 'enabled'}.`);
}

export async function listUsers(flags: UserFlags): Promise<void> {
  await demandDatabase(flags);
  const users = withUsers(flags, (database) => database.list());
  const reporter = new Reporter(flags);
  for (const user of users) reporter.event('user', { ...user });
  for (const line of userTable(users)) reporter.say(line);
}

export async function showUser(flags: UserFlags, name: string): Promise<void> {
  await demandDatabase(flags);
  const { user, torrents } = withUsers(flags, (users) => ({
    torrents: users.torrentsOf(name),
    user: users.list().find((other) => other.name === name)!,
  }));
  const reporter = new Reporter(flags);
  reporter.event('user', { ...user });
  for (const torrent of torrents)
    reporter.event('torrent', { ...torrent, infoHash: idToHex(torrent.infoHash) });
  for (const line of [...userTable([user]), '', ...torrentTable(torrents)]) reporter.say(line);
}

/** The one time that a passkey is seen: the database has only its hash. */
function sayPasskey(flags: UserFlags, name: string, passkey: string, event: string): void {
  const announce = memberUrls(flags.url, passkey);
  const reporter = new Reporter(flags);
  reporter.event(event, { name, announce });
  reporter.say(`The announce URLs of ${name}; they are shown only once:`);
  for (const url of announce) reporter.say(`  ${url}`);
}

function withUsers<Result>({ db }: UserFlags, use: (users: UserDatabase) => Result): Result {
  let users: UserDatabase | undefined;
  try {
    users = UserDatabase.open(db, BUSY_TIMEOUT_MS);
    return use(users);
  } catch (error) {
    throw error instanceof TrackerError ? explainUsers(error) : error;
  } finally {
    users?.close();
  }
}

/** @throws CliError when there is no file */
async function demandDatabase({ db }: UserFlags): Promise<void> {
  await explaining(db, () => access(db));
}

const NEXT_STEPS: Readonly<Record<string, string>> = {
  'bad-user-name': 'Use 1 to 64 letters, digits and . _ @ -',
  'user-taken': 'Take another name, or give the user another passkey: user renew.',
  'unknown-user': 'See the names with user list.',
};

/** A fault of private mode as a sentence. */
export function explainUsers(error: TrackerError): CliError {
  const { code, message } = error;
  const exitCode = code === 'bad-user-name' ? ExitCode.badOption : ExitCode.error;
  const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
  const next = NEXT_STEPS[code] ?? 'Check the path and its permissions.';
  return new CliError(exitCode, sentence, next, { cause: error });
}
