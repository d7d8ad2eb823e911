/** The table: one line a row, two programs side by side. */
import type { Sample } from './contender.ts';

export interface Result {
  readonly title: string;
  readonly unit: string;
  readonly cpuUnit: string;
  readonly rivalName: string;
  /** Undefined when that program could not run; `reason` says why. */
  readonly ours: Sample | undefined;
  readonly theirs: Sample | undefined;
  readonly reason: string | undefined;
}

const HEADINGS = [
  'what',
  'next to',
  'Shoal',
  'other',
  'ratio',
  'CPU Shoal',
  'CPU other',
  'CPU in',
  'peak MiB Shoal',
  'peak MiB other',
];

/** All results, columns aligned, as Markdown. */
export function formatTable(results: readonly Result[]): string {
  const rows = [HEADINGS, ...results.map(cells)];
  const widths = HEADINGS.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  const [head = [], ...body] = rows;
  return [line(head), rule, ...body.map(line), ...remarks(results)].join('\n');
}

function cells(result: Result): string[] {
  const { ours, theirs } = result;
  return [
    result.title,
    result.rivalName,
    ours ? `${round(ours.rate)} ${result.unit}` : '-',
    theirs ? `${round(theirs.rate)} ${result.unit}` : '-',
    ours && theirs ? `${(ours.rate / theirs.rate).toFixed(2)}x` : '-',
    ours ? ours.cpu.map(round).join(' + ') : '-',
    theirs ? theirs.cpu.map(round).join(' + ') : '-',
    result.cpuUnit,
    ours ? mebibytes(ours.peakBytes) : '-',
    theirs ? mebibytes(theirs.peakBytes) : '-',
  ];
}

function remarks(results: readonly Result[]): string[] {
  return results.flatMap(({ title, rivalName, ours, theirs, reason }) => {
    const said: string[] = [];
    if (reason !== undefined) said.push(reason);
    if (ours?.note !== undefined) said.push(`Shoal: ${ours.note}`);
    if (theirs?.note !== undefined) said.push(`${rivalName}: ${theirs.note}`);
    return said.length > 0 ? [`- ${title}, ${rivalName}: ${said.join('; ')}`] : [];
  });
}

/** Three digits that matter. */
function round(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}
