/** The help as text. */
import { type Command, SECTIONS, type Section } from '../command.ts';
import { formatTable } from '../text/table.ts';

const SECTION_NAMES = Object.keys(SECTIONS) as Section[];

/** The commands of each section, in order. */
export function bySection(
  commands: readonly Command[],
): { readonly title: string; readonly commands: readonly Command[] }[] {
  return SECTION_NAMES.map((name) => ({
    title: SECTIONS[name],
    commands: commands.filter(({ section }) => section === name),
  }));
}

/** `/help`: a line for each command. */
export function helpOverview(all: readonly Command[]): string {
  const width = Math.max(...all.map(({ usage }) => usage.length));
  const chapters = bySection(all).map(({ title, commands }) => {
    const rows = commands.map(({ usage, summary }) => [usage.padEnd(width), plain(summary)]);
    return `${title}\n${formatTable(rows)}`;
  });
  const notes = 'Each acts on the torrent in view, or on that of --torrent NAME|INFOHASH-PREFIX.';
  return [...chapters, notes].join('\n\n');
}

/** `/help NAME`: everything about one. */
export function helpOf({ usage, summary, answers, examples }: Command): string {
  return formatTable([
    ['usage', usage],
    ['does', plain(summary)],
    ['answers', plain(answers)],
    ...examples.map((example, at) => [at === 0 ? 'such as' : '', example]),
  ]);
}

/** Without the marks that set code apart in the handbook. */
function plain(text: string): string {
  return text.replaceAll('`', '');
}
