import type { TorrentDetail } from '@shoal/engine';
import { render } from 'ink-testing-library';
import { describe, expect, it } from 'vitest';
import { RateGraph } from '../../../src/tui/components/rate-graph.tsx';
import { DetailScreen } from '../../../src/tui/screens/detail-screen.tsx';
import type { TabName } from '../../../src/tui/state/ui-state.ts';
import { FakeEngine } from '../fake-engine.ts';
import { START_MS } from '../fake-peers.ts';
import { LIVELY_SEEDS } from '../fake-seed.ts';
import { linesOf } from '../lines.ts';

const engine = new FakeEngine(LIVELY_SEEDS);
const [debian, sintel] = engine
  .getSnapshot()
  .torrents.map(({ infoHash }) => engine.torrent(infoHash)!.getDetail());

const tab = (name: TabName, { torrent = debian!, row = 0, width = 100, height = 20 } = {}) =>
  linesOf(
    render(
      <DetailScreen
        torrent={torrent}
        tab={name}
        row={row}
        width={width}
        height={height}
        nowMs={START_MS}
        sharedLimits={{ downBytesPerS: undefined, upBytesPerS: undefined }}
      />,
    ),
  );

describe('overview', () => {
  it('has the bar, the facts and the graph', () => {
    const text = tab('overview', { height: 24 }).join('\n');
    expect(text).toMatch(/━+╸?─+ +41.2%/);
    expect(text).toMatch(/Limits +none +Piece +256 KiB/);
    expect(text).toMatch(/↓ \S+ MiB\/s +[⠀-⣿]/);
  });

  it('leaves out the facts of the second rank in a low window', () => {
    const text = tab('overview', { height: 10 }).join('\n');
    expect(text).toMatch(/Ratio +\S+ +Pieces/);
    expect(text).not.toContain('Infohash');
    expect(text).toMatch(/[⠀-⣿]/);
  });
});

describe('peers', () => {
  it('lists the busiest first', () => {
    const lines = tab('peers');
    expect(lines[1]).toMatch(/^▌ 20.0.0.7:6881 +Shoal 0.1.0 +D /);
    expect(lines.at(-1)).toContain('D down · U up');
  });

  it('advises what helps when nobody is there', () => {
    const empty = { ...debian!, peers: [] };
    const advice = (torrent: TorrentDetail) => tab('peers', { torrent }).join('\n');
    expect(advice(empty)).toContain('t asks the trackers for peers now');
    expect(advice({ ...empty, status: 'paused' })).toContain('it is paused: p lets it go on');
    expect(advice({ ...empty, status: 'error' })).toContain('it has stopped: p tries again');
    expect(advice({ ...empty, trackers: [] })).toContain('it names no tracker');
  });

  it('scrolls with the mark', () => {
    const lines = tab('peers', { row: 13, height: 8 });
    expect(lines.some((line) => line.startsWith('▌ 32.124.68.19'))).toBe(true);
    expect(lines[0]).toContain('Address');
  });
});

describe('files', () => {
  it('shows paths without the folder that all share', () => {
    const lines = tab('files', { torrent: sintel! });
    expect(lines[1]).toMatch(/^▌ ● Sintel\.2010\.4k\.mkv .* GiB {2}normal$/);
    expect(lines[2]).toMatch(/^ {2}● Extras\/Making of Sintel\.mkv/);
  });
});

describe('pieces', () => {
  it('draws all of them in the lines there are, with a legend', () => {
    const lines = tab('pieces', { width: 60, height: 11 });
    expect(lines[0]).toMatch(/1,141 of 2,768 × 256 KiB · 9 being fetched · 8 a cell/);
    const cells = lines.slice(2, -1).join('').replaceAll(' ', '');
    expect([...cells]).toHaveLength(Math.ceil(2768 / 8));
    expect(lines.at(-1)).toBe('  ■ have  ▣ some  ◆ fetching  □ common  ▫ rare  · nobody');
  });
});

describe('trackers', () => {
  it('counts down to the next announce and tells more of the selected one', () => {
    const lines = tab('trackers', { row: 2 });
    expect(lines[1]).toMatch(/1 +udp:\/\/tracker.example.org.* ✓ working +212 +42 +50 +25m12s/);
    expect(lines.at(-2)).toBe('  http://old.example.com:6969/announce');
    expect(lines.at(-1)).toBe('  connection refused');
  });
});

describe('log', () => {
  it('ends with the latest and scrolls up from there', () => {
    expect(tab('log', { height: 3 }).at(-1)).toContain('closed by the peer');
    expect(tab('log', { height: 3, row: 2 }).at(-1)).toContain('joined (qBittorrent');
    expect(tab('log', { height: 3, row: 99 })[0]).toContain('added');
  });
});

describe('RateGraph', () => {
  const graph = (down: number[], up: number[], height = 6) =>
    linesOf(render(<RateGraph history={{ down, up }} width={40} height={height} />));

  it('scales each rate to its own peak and dates the edges', () => {
    const lines = graph([1024, 2048], [1, 2]);
    expect(lines[0]).toMatch(/↓ 2.00 KiB\/s +[⠀-⣿]+$/);
    expect(lines.at(-2)).toMatch(/↑ 2 B\/s +[⠀-⣿]+$/);
    expect(lines.at(-1)).toMatch(/now$/);
    expect(lines.at(-1)).toMatch(/^ +30s ago +now$/);
    expect(graph(Array(300).fill(1), []).at(-1)).toMatch(/50s ago +now$/);
  });

  it('gives the lines to the one rate there is', () => {
    const drawn = (lines: string[]) => lines.filter((line) => /[⠀-⣿]/.test(line)).length;
    expect(drawn(graph([1024], []))).toBe(4);
    expect(drawn(graph([], [1024]))).toBe(4);
  });

  it('draws nothing where there is no room', () => {
    expect(graph([1], [1], 3)).toEqual(['']);
  });
});
