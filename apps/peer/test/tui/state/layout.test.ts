import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LayoutFacts, layOut } from '../../../src/tui/state/layout.ts';
import { TABS } from '../../../src/tui/state/ui-state.ts';

const terminal: LayoutFacts = {
  width: 80,
  height: 24,
  view: 'list',
  promptLength: undefined,
  torrentCount: 3,
  selected: 0,
};

describe('layOut', () => {
  it('sets cards apart while they fit and puts them close when they do not', () => {
    expect(layOut({ ...terminal, torrentCount: 7 }).list).toMatchObject({ isAiry: true });
    const many = layOut({ ...terminal, torrentCount: 200 }).list;
    expect(many).toMatchObject({ isAiry: false, window: { first: 0, end: 10 } });
  });

  it('makes a table of the list in a wide window', () => {
    const { list } = layOut({ ...terminal, width: 120, torrentCount: 200 });
    expect(list).toMatchObject({ isTable: true, window: { end: 19 } });
  });

  it('shows a preview only where the list leaves room for it', () => {
    expect(layOut({ ...terminal, torrentCount: 2 }).list.previewHeight).toBe(14);
    expect(layOut({ ...terminal, torrentCount: 7 }).list.previewHeight).toBe(0);
    expect(layOut({ ...terminal, torrentCount: 0 }).list.previewHeight).toBe(0);
  });

  it('lets a prompt cover lines without moving the rest', () => {
    const [open, closed] = [1, undefined].map((promptLength) =>
      layOut({ ...terminal, promptLength }),
    );
    expect(open!.list).toEqual(closed!.list);
    expect(open!.shownHeight).toBe(closed!.shownHeight - 1);
  });

  it('never needs more lines than the terminal has', () => {
    const facts = fc.record({
      width: fc.integer({ min: 50, max: 250 }),
      height: fc.integer({ min: 12, max: 80 }),
      view: fc.constantFrom('list' as const, ...TABS),
      promptLength: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
      torrentCount: fc.nat({ max: 500 }),
      selected: fc.nat({ max: 500 }),
    });
    fc.assert(
      fc.property(facts, (any) => {
        const { list, bodyHeight, footTop } = layOut(any);
        const footLength = any.promptLength === undefined ? 2 : 2 + any.promptLength;
        expect(footTop + footLength).toBe(any.height);
        const room = any.height - 4;
        expect(list.height + list.previewHeight).toBeLessThanOrEqual(room);
        expect(list.window.end - list.window.first).toBeLessThanOrEqual(bodyHeight + 1);
      }),
    );
  });
});
