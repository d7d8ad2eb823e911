/** The help as a page of the handbook: docs/commands.md. */
import type { Command } from '../command.ts';
import { bySection } from './help-text.ts';

/** A table of commands a section, in Markdown. */
export function helpTables(all: readonly Command[]): string {
  return bySection(all)
    .map(({ title, commands }) => {
      const rows = commands.map(
        ({ usage, summary, answers }) =>
          `| ${cell(`\`${usage}\``)} | ${cell(summary)} | ${cell(answers)} |`,
      );
      return [`## ${title}`, '', '| command | does | answers |', '|---|---|---|', ...rows].join(
        '\n',
      );
    })
    .join('\n\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
