import type { TorrentStatusName } from '@shoal/engine';
import { describe, expect, it } from 'vitest';
import { keyName, letterName } from '../../../src/tui/state/key-name.ts';
import { actFor, BINDINGS, hintsFor } from '../../../src/tui/state/keymap.ts';
import { pasted, promptEdit } from '../../../src/tui/state/prompt-keys.ts';
import { TABS } from '../../../src/tui/state/ui-state.ts';

const VIEWS = ['list', ...TABS] as const;
const NO_KEY = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageUp: false,
  pageDown: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  tab: false,
  shift: false,
  ctrl: false,
  meta: false,
  backspace: false,
  delete: false,
};

describe('the table of keys', () => {
  it('gives each key at most one act in each place', () => {
    const claims = BINDINGS.flatMap(({ keys, place }) => keys.map((key) => `${place} ${key}`));
    expect(new Set(claims).size).toBe(claims.length);
  });

  it('pauses with p everywhere but among the files, where p is the priority and P pauses; in the list P pauses all', () => {
    expect(actFor('list', 'p')).toBe('toggle-pause');
    expect(actFor('files', 'p')).toBe('cycle-priority');
    expect(actFor('files', 'P')).toBe('toggle-pause');
    expect(actFor('list', 'P')).toBe('toggle-pause-all');
    expect(actFor('files', 'space')).toBe('toggle-file');
  });

  it('opens with the right arrow in the list and turns the tabs with it elsewhere', () => {
    expect([actFor('list', 'right'), actFor('peers', 'right')]).toEqual(['open', 'next-tab']);
  });

  it('knows no act for keys that have none', () => {
    expect(actFor('list', 'x')).toBeUndefined();
  });

  it('hints only at keys that do what the hint says', () => {
    for (const view of VIEWS)
      for (const { keys, act } of hintsFor(view, { status: 'seeding' }))
        expect(actFor(view, keys[0]!)).toBe(act);
  });

  it('hints at nothing that needs a torrent while there is none', () => {
    expect(hintsFor('list', undefined).map(({ act }) => act)).toEqual([
      'add',
      'limits',
      'help',
      'quit',
    ]);
  });
});

describe('keyName', () => {
  it.each([
    ['', { upArrow: true }, 'up'],
    ['', { return: true }, 'enter'],
    ['', { escape: true, meta: true }, 'esc'],
    ['', { tab: true, shift: true }, 'shift-tab'],
    ['c', { ctrl: true }, 'ctrl-c'],
    ['q', { meta: true }, 'alt-q'],
    ['G', { shift: true }, 'G'],
    [' ', {}, 'space'],
  ])('names %j with %j', (input, flags, name) => {
    expect(keyName(input, { ...NO_KEY, ...flags })).toBe(name);
  });

  it('names keys that arrived among letters', () => {
    expect(['\r', '\t', ' ', 'x'].map(letterName)).toEqual(['enter', 'tab', 'space', 'x']);
    expect(['\x01', '\x15', '\x1a'].map(letterName)).toEqual(['ctrl-a', 'ctrl-u', 'ctrl-z']);
  });
});

describe('promptEdit', () => {
  it('types letters and blanks', () => {
    expect(promptEdit('a', 'a')).toEqual({ type: 'insert', text: 'a' });
    expect(promptEdit('space', ' ')).toEqual({ type: 'insert', text: ' ' });
  });

  it('knows the keys of shells', () => {
    expect(promptEdit('ctrl-u', 'u')).toEqual({ type: 'delete-to-start' });
    expect(promptEdit('backspace', '')).toEqual({ type: 'delete-back' });
  });

  it('ignores keys that stand for no letter', () => {
    for (const name of ['up', 'pagedown', 'ctrl-x', 'alt-q'])
      expect(promptEdit(name, 'x')).toBeUndefined();
  });

  it('cleans what is pasted', () => {
    expect(pasted('magnet:?xt\n\x1b[2J')).toEqual({ type: 'insert', text: 'magnet:?xt ' });
  });
});

it('offers to resume what is paused or stopped, where it offers to pause the rest', () => {
  const hint = (status: TorrentStatusName) =>
    hintsFor('list', { status }).find(({ act }) => act === 'toggle-pause')?.hint;
  expect((['seeding', 'paused', 'error'] as const).map(hint)).toEqual([
    'pause',
    'resume',
    'resume',
  ]);
});
