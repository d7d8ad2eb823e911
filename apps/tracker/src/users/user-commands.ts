/** `shoal-tracker user …`: the members of a private tracker. */
import { ExitCode, flagsOf, subcommand } from '@shoal/cli';
import type { Command } from 'commander';
import { trackerFlag } from '../tracker-flag.ts';
import { addUser, listUsers, renewUser, setUserDisabled, showUser } from './user-actions.ts';
import type { UserFlags } from './user-flags.ts';

/** Adds them; `end` is told how a command ended. */
export function addUserCommands(program: Command, end: (code: ExitCode) => void): void {
  const user = subcommand(program, 'user', 'members of a private tracker: add, list, disable …');
  const add = (
    usage: string,
    description: string,
    run: (flags: UserFlags, name: string) => void | Promise<void>,
  ): Command =>
    subcommand(user, usage, description)
      .addOption(databaseFlag())
      .addOption(trackerFlag('--json', 'print events on stdout, one JSON object a line'))
      .action(async (...call: unknown[]) => {
        const command = call.at(-1) as Command;
        await run(flagsOf<UserFlags>(command), command.args[0] ?? '');
        end(ExitCode.done);
      });
  const urlFlag = () =>
    trackerFlag('--url <url>', 'where members reach the tracker, such as https://tracker.example');

  add('add <name>', 'let a user in, and print the announce URLs', addUser).addOption(urlFlag());
  add('renew <name>', 'give a user another passkey; the old one ends', renewUser).addOption(
    urlFlag(),
  );
  add('list', 'all users, and what each has moved', listUsers);
  add('stats <name>', 'what a user has moved, by torrent', showUser);
  add('disable <name>', 'keep a user out, from now on', (flags, name) =>
    setUserDisabled(flags, name, true),
  );
  add('enable <name>', 'let a user in again', (flags, name) => setUserDisabled(flags, name, false));
}

function databaseFlag() {
  return trackerFlag('--db <file>', 'the database that --private names')
    .env('SHOAL_TRACKER_PRIVATE')
    .makeOptionMandatory();
}
