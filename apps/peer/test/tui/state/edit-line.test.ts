import { describe, expect, it } from 'vitest';
import { type Edit, editLine, emptyLine, lineOf } from '../../../src/tui/state/edit-line.ts';

const edited = (text: string, ...edits: Edit[]) => edits.reduce(editLine, lineOf(text));

describe('editLine', () => {
  it('inserts at the cursor', () => {
    const line = edited('ac', { type: 'left' }, { type: 'insert', text: 'b' });
    expect(line).toEqual({ text: 'abc', cursor: 2 });
  });

  it('deletes whole letters, however many code units they have', () => {
    expect(edited('a👩🏽', { type: 'delete-back' })).toEqual(lineOf('a'));
    expect(edited('e\u0301x', { type: 'start' }, { type: 'delete-forward' }).text).toBe('x');
  });

  it('deletes the word before the cursor, and all before it', () => {
    expect(edited('one two  ', { type: 'delete-word' }).text).toBe('one ');
    expect(edited('one two', { type: 'left' }, { type: 'delete-to-start' }).text).toBe('o');
  });

  it('stays inside the line', () => {
    expect(edited('a', { type: 'right' }, { type: 'right' })).toEqual(lineOf('a'));
    expect(edited('', { type: 'left' }, { type: 'delete-back' })).toEqual(emptyLine);
    expect(edited('', { type: 'delete-word' }, { type: 'delete-forward' })).toEqual(emptyLine);
  });

  it('jumps to both ends', () => {
    expect(edited('abc', { type: 'start' }).cursor).toBe(0);
    expect(edited('abc', { type: 'start' }, { type: 'end' }).cursor).toBe(3);
  });
});
