import { describe, expect, it } from 'vitest';
import { reduceUi, selectedIndex, type UiAction } from '../../../src/tui/state/ui-reducer.ts';
import { initialUi, type UiState } from '../../../src/tui/state/ui-state.ts';

const order = ['a', 'b', 'c'];
const reduced = (from: Partial<UiState>, ...actions: UiAction[]): UiState =>
  actions.reduce(reduceUi, { ...initialUi, ...from });
const move = (by: number, rowCount = 0): UiAction => ({ type: 'move', by, order, rowCount });

describe('moving in the list', () => {
  it('selects the next, and stops at both ends', () => {
    expect(reduced({}, move(1)).selected).toBe('b');
    expect(reduced({ selected: 'c' }, move(1)).selected).toBe('c');
    expect(reduced({}, move(Number.POSITIVE_INFINITY)).selected).toBe('c');
    expect(reduced({ selected: 'c' }, move(Number.NEGATIVE_INFINITY)).selected).toBe('a');
  });

  it('begins at the first again when the selected torrent is gone', () => {
    expect(selectedIndex(order, 'gone')).toBe(0);
    expect(reduced({ selected: 'gone' }, move(1)).selected).toBe('b');
  });

  it('selects nothing in an empty list', () => {
    const empty: UiAction = { type: 'move', by: 1, order: [], rowCount: 0 };
    expect(reduced({}, empty).selected).toBeUndefined();
  });
});

describe('moving in a tab', () => {
  it('goes over its rows and leaves the torrent', () => {
    const ui = reduced({ view: 'peers', selected: 'b' }, move(5, 4));
    expect(ui).toMatchObject({ row: 3, selected: 'b' });
  });

  it('scrolls the log up from its end', () => {
    expect(reduced({ view: 'log' }, move(-2, 10)).row).toBe(2);
    expect(reduced({ view: 'log', row: 2 }, move(5, 10)).row).toBe(0);
  });

  it('starts each tab at its first row', () => {
    expect(reduced({ view: 'peers', row: 7 }, { type: 'show', view: 'files' }).row).toBe(0);
    expect(reduced({ view: 'peers', row: 7 }, { type: 'show', view: 'peers' }).row).toBe(7);
  });

  it('turns the tabs round', () => {
    expect(reduced({ view: 'log' }, { type: 'turn-tab', by: 1 }).view).toBe('overview');
    expect(reduced({ view: 'overview' }, { type: 'turn-tab', by: -1 }).view).toBe('log');
    expect(reduced({}, { type: 'turn-tab', by: 1 }).view).toBe('overview');
  });
});

describe('prompts', () => {
  const ask: UiAction = { type: 'ask', prompt: { purpose: 'add' }, text: 'ma' };
  const typed: UiAction = { type: 'edit', edit: { type: 'insert', text: 'x' } };

  it('edit their line and forget the error when it changes', () => {
    const refused = reduced({}, ask, { type: 'submitted' }, { type: 'refused', error: 'no' });
    expect(refused.overlay).toMatchObject({ error: 'no', isBusy: false, line: { text: 'ma' } });
    expect(reduceUi(refused, typed).overlay).toMatchObject({
      error: undefined,
      line: { text: 'max' },
    });
  });

  it('take no letters while they are busy', () => {
    const busy = reduced({}, ask, { type: 'submitted' }, typed);
    expect(busy.overlay).toMatchObject({ isBusy: true, line: { text: 'ma' } });
  });

  it('close when what was asked is done, and say so', () => {
    const notice = { tone: 'plain', text: 'added' } as const;
    const ui = reduced({}, ask, { type: 'submitted' }, { type: 'accepted', notice });
    expect(ui).toMatchObject({ overlay: undefined, notice });
  });

  it('tell a late answer in a notice after they were left', () => {
    const ui = reduced(
      {},
      ask,
      { type: 'submitted' },
      { type: 'close' },
      {
        type: 'refused',
        error: 'no such file',
      },
    );
    expect(ui).toMatchObject({ overlay: undefined, notice: { tone: 'bad', text: 'no such file' } });
  });

  it('switch what the limits are for', () => {
    const scope = { infoHash: 'a', name: 'one' };
    const ui = reduced(
      {},
      { type: 'ask', prompt: { purpose: 'limits', scope } },
      {
        type: 'scope',
        scope: 'all',
        text: '5M -',
      },
    );
    expect(ui.overlay).toMatchObject({ prompt: { scope: 'all' }, line: { text: '5M -' } });
  });
});

describe('notices', () => {
  it('are forgotten only while they are the last', () => {
    const first = { tone: 'plain', text: 'one' } as const;
    const second = { tone: 'plain', text: 'two' } as const;
    const ui = reduced({}, { type: 'notice', notice: first }, { type: 'notice', notice: second });
    expect(reduceUi(ui, { type: 'forget-notice', notice: first }).notice).toBe(second);
    expect(reduceUi(ui, { type: 'forget-notice', notice: second }).notice).toBeUndefined();
  });
});
