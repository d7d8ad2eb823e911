import { describe, expect, it } from 'vitest';
import { stopReason } from '../../../src/tui/format/stop-reason.ts';

describe('stopReason', () => {
  it('puts the cause first and says what to do', () => {
    const { text, advice } = stopReason('cannot write Album/a song: live.flac: the disk is full');
    expect(text).toBe('the disk is full: cannot write Album/a song: live.flac');
    expect(advice).toMatch(/^free some space/);
  });

  it('leaves a sentence that it does not know as it is', () => {
    expect(stopReason('piece 4 was changed on disk')).toEqual({
      text: 'piece 4 was changed on disk',
      advice: 'press p to try again',
    });
  });

  it('has something to say of a torrent that gave no reason', () => {
    expect(stopReason(undefined).text).not.toBe('');
  });
});
