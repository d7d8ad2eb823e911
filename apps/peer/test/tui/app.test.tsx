import { afterEach, describe, expect, it } from 'vitest';
import { FakeEngine } from './fake-engine.ts';
import { LIVELY_SEEDS } from './fake-seed.ts';
import { openScreen, type Screen, type ScreenOptions } from './open-screen.tsx';

const ESC = '\x1b';
const UP = '\x1b[A';
const DOWN = '\x1b[B';
const ENTER = '\r';
const TAB = '\t';
const BACKSPACE = '\x7f';
const CTRL_C = '\x03';
const paste = (text: string): string => `\x1b[200~${text}\x1b[201~`;

let screen: Screen;
afterEach(() => screen.close());

function open(options: Partial<ScreenOptions> = {}): FakeEngine {
  const engine = options.engine ?? new FakeEngine(LIVELY_SEEDS);
  screen = openScreen({ ...options, engine });
  return engine;
}

const shows = (text: string | RegExp) => expect.poll(() => screen.text()).toMatch(text);
const hides = (text: string | RegExp) => expect.poll(() => screen.text()).not.toMatch(text);
const press = async (keys: string, sees: string | RegExp): Promise<void> => {
  screen.type(keys);
  await shows(sees);
};

describe('the list', () => {
  it('invites to add a torrent while there is none', async () => {
    open({ engine: new FakeEngine() });
    await shows('No torrents yet');
    await shows('Press a to paste a magnet or a path');
  });

  it('moves the mark with arrows and letters', async () => {
    open();
    await shows(/▌ ↓ debian/);
    await press(DOWN, /▌ ↓ Sintel/);
    await press('j', /▌ ✓ Project/);
    await press('k', /▌ ↓ Sintel/);
    await press(UP, /▌ ↓ debian/);
    await press('G', /▌ ! NASA/);
    await press('g', /▌ ↓ debian/);
  });

  it('takes letters that came in one go one after the other', async () => {
    open();
    await press('jj', /▌ ✓ Project/);
  });

  it('follows the engine', async () => {
    const engine = open();
    const before = screen.text();
    engine.tick();
    await expect.poll(() => screen.text()).not.toBe(before);
  });

  it('shows a page of hundreds and keeps the mark in view', async () => {
    const engine = open();
    for (let index = 0; index < 300; index++)
      engine.grow({ ...LIVELY_SEEDS[0]!, name: `torrent ${index}` });
    await shows('1–10 of 307');
    await press('G', /▌ ↓ torrent 299/);
    await shows('298–307 of 307');
    await press('\x1b[5~', /▌ ↓ torrent 289/);
  });

  it('celebrates what is complete with a line and a fish', async () => {
    const engine = open();
    engine.emitComplete(engine.torrent(engine.getSnapshot().torrents[0]!.infoHash)!);
    await shows('✓ debian-13.1.0-amd64-netinst.iso is complete: 692 MiB in 1m12s, 9.61 MiB/s');
    await shows(/─><>─/);
  });
});

describe('the views of a torrent', () => {
  it('are opened by their numbers, turned with Tab and left with Esc', async () => {
    open();
    await press(ENTER, 'Received');
    await press('2', /Address +Client +Flags/);
    await press('3', /File .* Priority/);
    await press('4', '■ have  ▣ some');
    await press('5', /Tracker +Status/);
    await press('6', 'connection refused');
    await press(TAB, 'Received');
    await press(ESC, 'shoal  7 torrents');
  });

  it('switch a file off and change its priority', async () => {
    open();
    await press(`${DOWN}3`, /▌ ● Sintel.*normal/);
    await press(' ', /▌ ○ Sintel.*off/);
    await press('jp', /▌ ● Extras.*high/);
  });

  it('switch all files off and on at once', async () => {
    open();
    await press(`${DOWN}3`, /▌ ● Sintel.*normal/);
    await press(' ', /▌ ○ Sintel.*off/);
    await press('A', /all \d files of Sintel .* are fetched/);
    await hides('○');
    await press('A', /no file of Sintel .* is fetched/);
    await hides('●');
  });

  it('disconnect a peer, and ban its address after a question', async () => {
    const engine = open();
    const { infoHash } = engine.getSnapshot().torrents[0]!;
    await press('2', /▌ 20\.0\.0\.7.*Shoal[\s\S]* x disconnect {2}b ban/);
    await press('x', 'disconnected from 20.0.0.7:6881');
    expect(engine.torrent(infoHash)!.calls).toEqual(['disconnect 20.0.0.7:6881']);
    await press(
      `${DOWN}b`,
      /Ban this address\?[^\n]*\n.*21\.53\.91\.8, qBittorrent[\s\S]* Esc close\n?$/,
    );
    screen.type('n');
    await hides('Ban this');
    expect(engine.calls).toEqual([]);
    await press('b', 'Ban this');
    await press('y', '21.53.91.8 is banned; /unban 21.53.91.8 lets it in again');
    await hides('Ban this');
    expect(engine.calls).toEqual(['ban 21.53.91.8']);
  });

  it('say why there is nothing to show', async () => {
    open();
    await press('kG2', 'Nobody is connected');
  });

  it('go back to the list when the last torrent is removed', async () => {
    const engine = open({ engine: new FakeEngine(LIVELY_SEEDS.slice(0, 1)) });
    await press(ENTER, 'Received');
    await engine.remove(engine.getSnapshot().torrents[0]!.infoHash);
    await shows('No torrents yet');
  });
});

describe('acts', () => {
  it('pauses and resumes', async () => {
    open();
    await press('p', /‖ debian.*paused/);
    await shows('debian-13.1.0-amd64-netinst.iso is paused');
    await press('p', /↓ debian/);
  });

  it('pauses all that the list shows, and lets them go on', async () => {
    const engine = open();
    const paused = () =>
      engine.getSnapshot().torrents.filter(({ status }) => status === 'paused').length;
    await press('f', 'Show only');
    await press(`e${ENTER}`, /debian[\s\S]*Sintel/);
    await press('P', '5 torrents are paused; P resumes all');
    expect(paused()).toBe(6);
    await press('P', '6 torrents go on');
    expect(paused()).toBe(1);
  });

  it('asks before it removes on the Delete key too', async () => {
    open();
    await press('\x1b[3~', 'Remove this torrent?');
  });

  it('removes only after a yes, and selects the neighbour', async () => {
    open();
    await press('d', 'Remove this torrent?');
    screen.type('n');
    await hides('Remove this torrent?');
    await press('d', 'Remove this torrent?');
    await press('y', /▌ ↓ Sintel/);
    await shows('6 torrents');
    await shows('debian-13.1.0-amd64-netinst.iso is removed');
  });

  it('limits a torrent, or everything after Tab', async () => {
    const engine = open();
    await press('l', 'Limits of debian');
    await press(`5${ENTER}`, '! 5 has no unit');
    await press(`M${ENTER}`, 'debian-13.1.0-amd64-netinst.iso: ↓ 5.00 MiB/s, ↑ no limit');
    const { infoHash } = engine.getSnapshot().torrents[0]!;
    expect(engine.torrent(infoHash)!.getDetail().limits.downBytesPerS).toBe(5 * 2 ** 20);
    await press('l', '› 5M -');
    await press(TAB, 'Limits of everything');
    await press(`1M 1M${ENTER}`, 'everything: ↓ 1.00 MiB/s, ↑ 1.00 MiB/s');
    expect(engine.getSnapshot().limits.upBytesPerS).toBe(2 ** 20);
  });

  it('verifies, asks the trackers and turns the order', async () => {
    open();
    await press('v', '✓ debian-13.1.0-amd64-netinst.iso: all 1,141 pieces that are here');
    await press('t', 'asking the trackers of debian');
    await press('s', 'in order, from the first piece');
  });

  it('shows every key on ? and closes on any', async () => {
    open({ rows: 15, columns: 60, commands: {} });
    await press('?', /any key closes[\s\S]*ask the trackers/);
    await shows(/q \^C +quit/);
    screen.type('x');
    await hides('ask the trackers');
  });

  it('scrolls the keys where the window is too low for them', async () => {
    open({ rows: 12, columns: 60, commands: {} });
    await press('?', /j k for more · Esc closes[\s\S]*copy its magnet/);
    await hides(/q \^C +quit/);
    await press('jjj', /q \^C +quit/);
    await press('g', /j k ↓ ↑ +move/);
    screen.type('x');
    await hides('for more');
  });
});

describe('the list', () => {
  it('shows only what has the words that are typed, until Esc', async () => {
    open();
    await press('f', 'Show only');
    await press('gut', '1 of 7 · gut');
    await hides('debian-13');
    await press(ENTER, /▌ ✓ Project Gutenberg/);
    await press('f', '› gut');
    await press(ESC, 'debian-13');
  });

  it('shows all again on Esc, whether the filter let anything through or not', async () => {
    open();
    await press('f', 'Show only');
    await press(`gut${ENTER}`, /▌ ✓ Project[\s\S]* Esc show all {2}Enter open/);
    await press(ESC, /▌ ✓ Project[\s\S]* Enter open/);
    await shows('≋ shoal  7 torrents');
    await press('f', 'Show only');
    await press(`zebra${ENTER}`, /0 of 7 · zebra[\s\S]*Esc shows all torrents again/);
    await press(ESC, '≋ shoal  7 torrents');
  });

  it('is ordered anew by o, and says by what', async () => {
    open();
    await press('oo', 'ordered by what they do, the stopped first');
    await shows(/! NASA[\s\S]*debian[\s\S]*✓ Project/);
  });

  it('is gone through with brackets from within the views', async () => {
    open();
    await press('3', /debian[\s\S]*Priority/);
    await press(']', /Sintel \(2010\) 4K[\s\S]*Making of/);
    await press('[', /^ ↓ debian/);
  });
});

describe('the title of the window', () => {
  it('says how much is here while something comes', async () => {
    const engine = open();
    await expect.poll(() => screen.titles).toEqual(['73% shoal']);
    for (const { infoHash } of engine.getSnapshot().torrents) engine.torrent(infoHash)!.pause();
    await expect.poll(() => screen.titles.at(-1)).toBe('shoal');
  });
});

describe('the magnet', () => {
  it('is copied and shown', async () => {
    open();
    await press('y', /Magnet of debian[\s\S]*magnet:.xt=urn:btih:/);
    expect(screen.copied).toEqual([expect.stringMatching(/^magnet:\?xt=urn:btih:[0-9a-f]{40}$/)]);
  });
});

describe('adding', () => {
  it('takes what is pasted, wherever it is pasted', async () => {
    const engine = open();
    await press(
      paste('magnet:?xt=urn:btih:aa&dn=Blender\n'),
      '› magnet:?xt=urn:btih:aa&dn=Blender',
    );
    await press(ENTER, /▌ ◌ Blender/);
    await shows('added Blender');
    expect(engine.calls).toEqual(['add magnet:?xt=urn:btih:aa&dn=Blender']);
  });

  it('keeps the line and says what is wrong when it cannot be added', async () => {
    open();
    await press('a', 'Add a torrent');
    await press(`/nowhere${ENTER}`, '! There is no torrent at /nowhere.');
    await shows('› /nowhere');
    await press(BACKSPACE, /› \/nowher$/m);
    await hides('! There is no torrent');
    screen.type(ESC);
    await hides('Add a torrent');
  });

  it('ends a paste that brings escapes without them', async () => {
    open();
    await press(paste('magnet:?\x1b[2J\x1b]52;c;aGVsbG8=\x07dn=x'), '› magnet:?dn=x');
  });
});

describe('the prompt that adds', () => {
  it('says where it saves, also when it was opened by a paste', async () => {
    open({ saveFolder: '~/Downloads' });
    await press('a', '── Add a torrent into ~/Downloads ─');
    screen.type(ESC);
    await hides('Add a torrent');
    await press(paste('magnet:?dn=reef'), '── Add a torrent into ~/Downloads ─');
  });

  it('completes paths by Tab and lists what they may be', async () => {
    const completeSource = async (text: string) => ({
      line: `${text}ra/`,
      cursor: text.length + 3,
      candidates: ['/no ra/a.torrent', '/no ra/b.torrent'],
    });
    open({ commands: { completeSource } });
    await press('a', 'Add a torrent');
    await press(`/no ${TAB}`, /› \/no ra\/\s*\n {3}\/no ra\/a.torrent {2}\/no ra\/b.torrent/);
  });

  it('wraps an error that is longer than the line', async () => {
    open({ columns: 60 });
    await press('a', 'Add a torrent');
    await press(`/${'long '.repeat(12)}x${ENTER}`, /! There is no torrent at[^\n]*\n {3}long/);
  });
});

describe('commands', () => {
  it('are not offered unless there is someone to run them', async () => {
    open();
    await press('?', 'this help');
    await hides('type a command');
  });

  it('show an answer of many lines over the screen', async () => {
    open({
      commands: {
        run: async (line, infoHash) => ({
          lines: [`${line} of ${infoHash?.length}`, 'second'],
          isError: false,
        }),
      },
    });
    await press(':', 'Command');
    await press(`see_connected${ENTER}`, /│ \/see_connected of 40/);
    await shows(/│ second/);
    screen.type(ESC);
    await hides('second');
  });

  it('scroll an answer that is longer than the screen', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => `row ${index + 1}.`);
    open({ commands: { run: async () => ({ lines, isError: false }) } });
    await press('/', 'Command');
    await press(`help${ENTER}`, /│ row 1\.[\s\S]*1–19 of 60/);
    await press('j', /│ row 2\.[\s\S]*2–20 of 60/);
    await press('G', /row 60\.[\s\S]*42–60 of 60/);
    await press('\x1b[5~', '23–41 of 60');
    await press('g', '1–19 of 60');
    screen.type('q');
    await hides('row 1');
  });

  it('are completed by Tab, with what else may follow below', async () => {
    const asked: string[] = [];
    const complete = async (line: string, cursor: number) => {
      asked.push(`${line}|${cursor}`);
      return { line: '/see_', cursor: 5, candidates: ['/see_connected', '/see_swarms'] };
    };
    open({ commands: { complete } });
    await press('/', 'Tab completes');
    await press(`s${TAB}`, /› \/see_\s*\n {3}\/see_connected {2}\/see_swarms/);
    expect(asked).toEqual(['/s|2', '/s|2']);
    await press(BACKSPACE.repeat(4), /› \/\s*\n {3}\/help lists them/);
  });

  it('are explained while they are typed, with what may follow, and nothing is filled in', async () => {
    const complete = async (line: string, cursor: number) => ({
      line: `${line}!`,
      cursor: cursor + 1,
      candidates: ['down', 'up'],
      help: line.startsWith('/limit') ? '/limit down|up RATE · limits the rate' : undefined,
    });
    open({ commands: { complete } });
    await press('/', 'Command');
    await press(
      'limit',
      /› \/limit\s*\n {3}\/limit down.up RATE · limits the rate\n {3}down {2}up/,
    );
  });

  it('answer in a dialog when one line is wider than the screen', async () => {
    const lines = [`magnet:?xt=${'a'.repeat(90)}z`];
    open({ commands: { run: async () => ({ lines, isError: false }) } });
    await press('/', 'Command');
    await press(`create${ENTER}`, /│ magnet:\?xt=a+ *│\n│ +a+z *│/);
  });

  it('may be pasted, or come in one go over a slow line', async () => {
    open({ commands: {} });
    await press(paste('/help ping'), /Command[^/]*› \/help ping/);
    screen.type(ESC);
    await hides('/help ping');
    await press('/see_swarms', /Command[^/]*› \/see_swarms/);
    await press('\x15/ping reef', /Command[^/]*› \/ping reef/);
    screen.type(ESC);
    await hides('/ping reef');
    await press(paste('/home/nora/a.torrent'), /Add a torrent[^/]*› \/home/);
  });

  it('come back with the arrows', async () => {
    const older = (current: string) => `/older ${current.slice(1)}`;
    const newer = () => '/newer';
    open({ commands: { older, newer } });
    await press('/', 'Command');
    await press(`x${UP}`, '› /older x');
    await press(DOWN, '› /newer');
  });

  it('say how far they are, go on when the prompt is left, and end the program', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    open({
      commands: {
        run: async (_line, _infoHash, handleProgress) => {
          handleProgress('3 of 9 blocks');
          await promise;
          return { lines: ['all there'], isError: false, isLast: true };
        },
      },
    });
    await press('/', 'Command');
    await press(`x${ENTER}`, '3 of 9 blocks');
    screen.type(ESC);
    await hides('3 of 9 blocks');
    resolve();
    expect(await screen.left).toBe('quit');
  });

  it('leave a prompt alone that was opened meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const run = () => promise.then(() => ({ lines: ['late', 'and long'], isError: false }));
    open({ commands: { run } });
    await press('/', 'Command');
    await press(`x${ENTER}`, 'one moment');
    screen.type(ESC);
    await hides('one moment');
    await press('a', 'Add a torrent');
    resolve();
    await press('magnet', '› magnet');
    await press(ESC, 'late');
  });

  it('stay open with the error when they fail', async () => {
    const run = async () => ({ lines: ['there is no command /x'], isError: true });
    open({ commands: { run } });
    await press('/', 'Command');
    await press(`x${ENTER}`, '! there is no command /x');
  });
});

describe('a line from elsewhere', () => {
  it('is a notice', async () => {
    open({
      listenForNotices: (listener) => {
        listener('This peer is the tracker at http://192.0.2.7:6969/announce now.');
        return () => {};
      },
    });
    await shows('This peer is the tracker at http://192.0.2.7:6969/announce now.');
  });
});

describe('leaving', () => {
  it('says whether it was by q, by Ctrl-C or by the signal', async () => {
    open();
    screen.type('q');
    expect(await screen.left).toBe('quit');
    open();
    await shows('7 torrents');
    screen.type(CTRL_C);
    expect(await screen.left).toBe('interrupted');
    const stop = new AbortController();
    open({ signal: stop.signal });
    stop.abort();
    expect(await screen.left).toBe('interrupted');
  });
});

describe('Ctrl-C', () => {
  it('closes a prompt or a dialog, and leaves only where nothing is open', async () => {
    open({ commands: {} });
    for (const [key, title] of [
      ['/', 'Command'],
      ['a', 'Add a torrent'],
      ['f', 'Show only'],
      ['d', 'Remove this torrent?'],
      ['?', 'any key closes'],
    ] as const) {
      await press(key, title);
      screen.type(CTRL_C);
      await hides(title);
    }
    await shows('7 torrents');
    screen.type(CTRL_C);
    expect(await screen.left).toBe('interrupted');
  });
});

describe('the size of the window', () => {
  it('is followed', async () => {
    open();
    await shows('≋ shoal  7 torrents');
    screen.resize(200, 60);
    await shows(/Name +Status +Done +Size +Down +Up +ETA +Ratio +Peers/);
    screen.resize(60, 15);
    await shows('1–5 of 7');
    screen.resize(30, 8);
    await shows('Make the window');
    screen.resize(80, 24);
    await shows('shoal  7 torrents');
  });

  it('leaves a name in the table 37 letters at least: bar and ratio give way before', async () => {
    const stopped = LIVELY_SEEDS.at(-1)!;
    for (const seeds of [LIVELY_SEEDS.slice(0, 1), [LIVELY_SEEDS[0]!, stopped]]) {
      const name = 'n'.repeat(200);
      open({ engine: new FakeEngine([{ ...seeds[0]!, name }, ...seeds.slice(1)]), columns: 119 });
      await hides('Status');
      for (const columns of [120, 128, 140, 150, 170, 200, 240]) {
        screen.resize(columns, 30);
        const seen = () => ({
          hasName: (/▌ . (n+)/.exec(screen.text())?.[1]?.length ?? 0) > 36,
          hasBar: /▌.*━/.test(screen.text()),
          hasRatio: /Up +ETA +Ratio +Peers$/m.test(screen.text()),
        });
        const hasBar = columns >= 140;
        await expect.poll(seen).toEqual({ hasName: true, hasBar, hasRatio: columns >= 128 });
      }
      screen.close();
    }
  });

  it.each([
    [60, 15],
    [80, 24],
    [120, 30],
    [200, 60],
  ])('is filled and never exceeded at %d x %d, on every view', async (columns, rows) => {
    const widths = await import('string-width');
    open({ columns, rows });
    for (const keys of ['', '1', '2', '3', '4', '5', '6', '?', 'x', 'd', 'n', 'l', ESC, 'a']) {
      const before = screen.text();
      screen.type(keys);
      if (keys !== '' && keys !== '1') await expect.poll(() => screen.text()).not.toBe(before);
      const lines = screen.text().split('\n');
      expect(lines).toHaveLength(rows);
      for (const line of lines) expect(widths.default(line)).toBeLessThanOrEqual(columns);
    }
  });
});
