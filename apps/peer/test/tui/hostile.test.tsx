import { afterEach, describe, expect, it } from 'vitest';
import { colourTheme } from '../../src/tui/theme.ts';
import { FakeEngine } from './fake-engine.ts';
import { HOSTILE, HOSTILE_SEED, HOSTILE_MARK as MARK } from './hostile.ts';
import { openScreen, type Screen } from './open-screen.tsx';

let screen: Screen;
afterEach(() => screen.close());

/** Styles are Ink's own; any other control, or anything invisible, came from the data. */
function expectNothingHarmful(frame: string): void {
  const rest = frame.replaceAll(/\x1b\[[\d;]*m/g, '').replaceAll('\n', '');
  expect(rest).not.toMatch(/[\p{Cc}\p{Bidi_C}\p{DI}]/u);
}

describe('text from torrents, peers and trackers', () => {
  it.each([
    ['list', ''],
    ['overview', '1'],
    ['peers', '2'],
    ['files', '3'],
    ['trackers', '5'],
    ['log', '6'],
    ['remove dialog', 'd'],
    ['limits prompt', 'l'],
    ['notice', 'p'],
  ])('does nothing to the terminal in the %s', async (_, keys) => {
    screen = openScreen({ engine: new FakeEngine([HOSTILE_SEED]), theme: colourTheme });
    const before = screen.text();
    screen.type(keys);
    if (keys !== '') await expect.poll(() => screen.text()).not.toBe(before);
    await expect.poll(() => screen.text()).toContain(MARK);
    expect(screen.text().split('\n')).toHaveLength(24);
    expectNothingHarmful(screen.frame());
  });

  it('does nothing in the line of a stopped torrent, nor in what events say', async () => {
    const engine = new FakeEngine([{ ...HOSTILE_SEED, status: 'error', error: MARK + HOSTILE }]);
    screen = openScreen({ engine });
    const torrent = engine.torrent(engine.getSnapshot().torrents[0]!.infoHash)!;
    engine.emitComplete(torrent);
    await expect.poll(() => screen.text()).toContain('✓ HOSTILE');
    expectNothingHarmful(screen.frame());
  });

  it('does nothing in the answer to a command', async () => {
    screen = openScreen({
      engine: new FakeEngine(),
      commands: {
        run: async () => ({ lines: [MARK + HOSTILE, MARK + HOSTILE], isError: false }),
      },
    });
    screen.type('/');
    await expect.poll(() => screen.text()).toContain('Command');
    screen.type('x\r');
    await expect.poll(() => screen.text()).toContain(`│ ${MARK}`);
    expectNothingHarmful(screen.frame());
  });
});
