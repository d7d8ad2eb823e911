/** Help and the end. */
import { say } from '../answer.ts';
import { type Argument, oneWord, optional } from '../argument.ts';
import { type Command, command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { helpOf, helpOverview } from '../help/help-text.ts';

export const quit = command({
  name: 'quit',
  section: 'torrents',
  summary: 'says `stopped` to all trackers, keeps all state and ends the program',
  answers: '`Peer[me] ends`',
  examples: ['/quit'],
  arguments: [],
  async *run({ host }) {
    yield say('Peer[me] ends');
    host.quit();
  },
});

/** @param commands - all there are, the help itself among them */
export function helpCommand(commands: () => readonly Command[]): Command {
  const nameArgument: Argument<Command> = oneWord({
    usage: 'NAME',
    read(word) {
      const name = word.replace(/^\//, '');
      const found = commands().find((candidate) => candidate.name === name);
      if (found !== undefined) return found;
      throw new CommandError(
        'unknown-command',
        `There is no command /${name}`,
        'see all of them with /help',
      );
    },
    complete: () => commands().map(({ name }) => ({ text: name })),
  });
  return command({
    name: 'help',
    section: 'torrents',
    summary: 'shows all commands, or one of them in full',
    answers: 'what it takes, does and answers, with examples',
    examples: ['/help', '/help request_download'],
    arguments: [optional(nameArgument)],
    async *run(_context, one) {
      const shown = one === undefined ? commands() : [one];
      const fields = shown.map(({ name, usage, summary, answers, examples }) => ({
        name,
        usage,
        summary,
        answers,
        examples,
      }));
      const text = one === undefined ? helpOverview(commands()) : helpOf(one);
      yield say(text, { commands: fields });
    },
  });
}
