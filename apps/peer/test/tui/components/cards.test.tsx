import type { Limits } from '@shoal/engine';
import { render } from 'ink-testing-library';
import { describe, expect, it } from 'vitest';
import { EmptyList } from '../../../src/tui/components/empty-list.tsx';
import { Footer } from '../../../src/tui/components/footer.tsx';
import { ListHeader } from '../../../src/tui/components/list-header.tsx';
import { Rule } from '../../../src/tui/components/rule.tsx';
import { TorrentCard } from '../../../src/tui/components/torrent-card.tsx';
import { TorrentTable } from '../../../src/tui/components/torrent-table.tsx';
import { hintsFor } from '../../../src/tui/state/keymap.ts';
import { FakeEngine } from '../fake-engine.ts';
import { LIVELY_SEEDS } from '../fake-seed.ts';
import { linesOf } from '../lines.ts';

const { torrents } = new FakeEngine(LIVELY_SEEDS).getSnapshot();
const [downloading, , seeding, , paused, , stopped] = torrents;

describe('TorrentCard', () => {
  const card = (torrent = downloading!, width = 80) =>
    linesOf(render(<TorrentCard torrent={torrent} isSelected width={width} />));

  it('has name and state above, bar and figures below', () => {
    const [above, below] = card();
    expect(above).toMatch(
      /^▌ ↓ debian-13.1.0-amd64-netinst.iso +14 peers · ratio \S+ · downloading$/,
    );
    expect(below).toMatch(/^▌ {3}━+╸?─+ +41.2% +692 MiB +↓ \S+ MiB\/s +↑ \S+ MiB\/s +\S+ left$/);
  });

  it('leaves the figures of an idle torrent blank', () => {
    expect(card(paused)[1]).toMatch(/22.0% +3.07 GiB$/);
  });

  it('tells why a torrent stopped in place of its rates', () => {
    expect(card(stopped)[1]).toMatch(/63.9% +18.6 GiB {2}the disk is full: cannot write NASA.*…$/);
  });

  it('keeps what matters most in a narrow window', () => {
    const [above, below] = card(downloading, 50);
    expect(above).toMatch(/debian.* left$/);
    expect(below).toMatch(/41.2% +↓ \S+ MiB\/s +↑ \S+ MiB\/s$/);
  });

  it('aligns cards whatever letters their names have', () => {
    const widths = torrents.map((torrent) => card(torrent)[1]!.indexOf('%'));
    expect(new Set(widths).size).toBe(1);
  });
});

describe('TorrentTable', () => {
  it('has a head over aligned columns and a mark at the selected row', () => {
    const table = <TorrentTable torrents={torrents} selected={2} width={100} height={10} />;
    const lines = linesOf(render(table));
    expect(lines[0]).toMatch(/^ +Name .* Done +Size +Down +Peers/);
    expect(lines[3]).toMatch(/^▌ ✓ Project.* 100% +61.4 GiB/);
    expect(lines.filter((line) => line.startsWith('▌'))).toHaveLength(1);
  });
});

describe('a stopped torrent', () => {
  it('gives its reason in a table of any width, the cause first', () => {
    for (const width of [120, 140, 200]) {
      const table = <TorrentTable torrents={torrents} selected={2} width={width} height={10} />;
      expect(linesOf(render(table))[7]).toMatch(/! NASA .* the disk is full/);
    }
  });
});

describe('ListHeader', () => {
  const header = (
    width: number,
    limits: Limits = { downBytesPerS: undefined, upBytesPerS: undefined },
    counted = torrents,
  ) =>
    linesOf(
      render(
        <ListHeader
          torrents={counted}
          downBytesPerS={2048}
          upBytesPerS={0}
          limits={limits}
          width={width}
        />,
      ),
    );

  it('counts what all torrents do, with signs for the words that do not fit', () => {
    expect(header(140)[0]).toMatch(
      /7 torrents · 2 downloading · 2 seeding · 1 stopped · 1 paused · 1 checking +↓ 2.00 KiB/,
    );
    expect(header(100)[0]).toMatch(
      /7 torrents · 2 downloading · 2 seeding · 1 stopped · ‖1 ◔1 +↓ 2.00 KiB/,
    );
    expect(header(80)[0]).toMatch(/7 torrents · ↓2 ✓2 !1 ‖1 ◔1 +↓ 2.00 KiB/);
    expect(header(56)[0]).toMatch(/7 torrents +↓ 2.00 KiB\/s +↑ 0 B\/s$/);
  });

  it('counts apart what has nothing selected', () => {
    const none = { ...seeding!, wantedFileCount: 0 };
    const unlimited = { downBytesPerS: undefined, upBytesPerS: undefined };
    expect(header(100, unlimited, [seeding!, none, none])[0]).toMatch(
      /3 torrents · 1 seeding · 2 unselected +↓/,
    );
  });

  it('shows the limits beside the rates', () => {
    const limits = { downBytesPerS: 409_600, upBytesPerS: 10_240 };
    expect(header(80, limits)[0]).toMatch(/7 torrents .* ↓ 2.00 KiB.s . 400K +↑ 0 B.s . 10K$/);
  });

  it('draws a line below', () => {
    expect(header(60)[1]).toBe('─'.repeat(60));
  });
});

describe('Rule', () => {
  it('lets a fish swim in from the left and out at the right', () => {
    const at = (column: number) => linesOf(render(<Rule width={8} fishAt={column} />))[0];
    expect([-3, -1, 2, 7, 8].map(at)).toEqual([
      '────────',
      '<>──────',
      '──><>───',
      '───────>',
      '────────',
    ]);
  });
});

describe('Footer', () => {
  const footer = (width: number) =>
    linesOf(
      render(
        <Footer
          notice={undefined}
          place="port 6881"
          hints={hintsFor('list', downloading)}
          width={width}
        />,
      ),
    );

  it('keeps help and quit when there is no room for the other keys', () => {
    expect(footer(80)[1]).toBe(
      ' Enter open  a add  p pause  d remove  l limits  / command  ? help  q quit',
    );
    expect(footer(30)[1]).toBe(' Enter open  ? help  q quit');
  });

  it('gives its first line to a notice while there is one', () => {
    const notice = { tone: 'good', text: '✓ it is done' } as const;
    const lines = linesOf(
      render(<Footer notice={notice} place="port 6881" hints={[]} width={40} />),
    );
    expect(lines[0]).toBe(' ✓ it is done');
  });

  it('shortens the name in a notice, not what is said of it', () => {
    const name = 'a'.repeat(90);
    const notice = { tone: 'plain', text: `${name} is paused`, name } as const;
    const lines = linesOf(
      render(<Footer notice={notice} place="port 6881" hints={[]} width={60} />),
    );
    expect(lines[0]).toMatch(/^ a+…a+ is paused$/);
  });
});

describe('EmptyList', () => {
  it('shows a shoal where there is room for it, and always the next step', () => {
    const empty = (height: number) => linesOf(render(<EmptyList width={60} height={height} />));
    expect(empty(20).filter((line) => line.includes('><>'))).toHaveLength(5);
    expect(empty(6).join('\n')).not.toContain('><>');
    expect(empty(6).join('\n')).toContain('Press a to paste a magnet or a path');
  });
});

it('shows a finished torrent with a full bar', () => {
  const [, below] = linesOf(
    render(<TorrentCard torrent={seeding!} isSelected={false} width={80} />),
  );
  expect(below).toMatch(/^ {4}━{17} +100%/);
});
