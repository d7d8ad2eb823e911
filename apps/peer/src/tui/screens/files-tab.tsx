/** The files: which are wanted, how far they are. */
import type { FilePriority, FileSnapshot } from '@shoal/engine';
import { EmptyTab } from '../components/empty-tab.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { type Column, Table } from '../components/table.tsx';
import { Tint } from '../components/tint.tsx';
import { formatBytes } from '../format/bytes.ts';
import { fit } from '../format/fit.ts';
import { formatPercent, fraction } from '../format/numbers.ts';
import type { Tone } from '../theme.ts';

export interface FilesTabProps {
  readonly files: readonly FileSnapshot[];
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

/** Names of one folder often differ at their end alone. */
const MIN_PATH = 28;

const PRIORITY_TONES: Readonly<Record<FilePriority, Tone>> = {
  off: 'faint',
  low: 'faint',
  normal: 'plain',
  high: 'accent',
};

const columnsWithout = (folder: string): readonly Column<FileSnapshot>[] => [
  {
    title: 'File',
    width: 'rest',
    cell: (file, width, isSelected) => (
      <>
        <Tint tone={file.priority === 'off' ? 'faint' : 'accent'}>
          {file.priority === 'off' ? '○ ' : '● '}
        </Tint>
        <Tint tone={file.priority === 'off' ? 'faint' : 'plain'} bold={isSelected}>
          {fit(file.path.slice(folder.length), width - 2, 'left', 'start')}
        </Tint>
      </>
    ),
  },
  {
    title: '',
    width: 12,
    drop: 1,
    cell: (file, width) => <ProgressBar share={shareOf(file)} width={width} tone={toneOf(file)} />,
  },
  {
    title: 'Done',
    width: 5,
    align: 'right',
    cell: (file, width) => fit(formatPercent(shareOf(file)), width, 'right'),
  },
  {
    title: 'Size',
    width: 8,
    align: 'right',
    cell: (file, width) => fit(formatBytes(file.length), width, 'right'),
  },
  {
    title: 'Priority',
    width: 8,
    cell: (file, width) => (
      <Tint tone={PRIORITY_TONES[file.priority]}>{fit(file.priority, width)}</Tint>
    ),
  },
];

export function FilesTab({ files, row, width, height }: FilesTabProps) {
  if (files.length === 0)
    return (
      <EmptyTab
        title="The files are not known yet"
        advice="they come with the metadata, from the first peer that has it"
        width={width}
        height={height}
      />
    );
  return (
    <Table
      columns={columnsWithout(sharedFolder(files))}
      rows={files}
      selected={row}
      width={width - 1}
      height={height}
      minRest={MIN_PATH}
    />
  );
}

/** `folder/` when every file lies in it: it is the torrent's name and says nothing here. */
function sharedFolder(files: readonly FileSnapshot[]): string {
  const first = files[0]!.path;
  const folder = first.slice(0, first.indexOf('/') + 1);
  return files.every(({ path }) => path.startsWith(folder)) ? folder : '';
}

function shareOf(file: FileSnapshot): number {
  return fraction(file.haveLength, file.length);
}

function toneOf(file: FileSnapshot): Tone {
  if (file.priority === 'off') return 'faint';
  return shareOf(file) >= 1 ? 'good' : 'down';
}
