import { describe, expect, it } from 'vitest';
import { parseTrackerPort, withBareFlags } from '../src/tracker-port-flag.ts';

describe('--serve-tracker', () => {
  it('takes a port, and words for on and off', () => {
    expect(parseTrackerPort('0')).toBe(0);
    expect(parseTrackerPort('7000')).toBe(7000);
    expect(parseTrackerPort('on')).toBe(6969);
    expect(parseTrackerPort('off')).toBe('off');
    expect(() => parseTrackerPort('65536')).toThrow('Write a whole number from 0 to 65535.');
  });

  it('does not swallow the torrent behind it', () => {
    const given = [
      'get',
      '--serve-tracker',
      'a.torrent',
      '--serve-tracker',
      '7',
      '--serve-tracker',
    ];
    expect(withBareFlags(given)).toEqual([
      'get',
      '--serve-tracker=6969',
      'a.torrent',
      '--serve-tracker',
      '7',
      '--serve-tracker=6969',
    ]);
    expect(withBareFlags(['--', '--serve-tracker'])).toEqual(['--', '--serve-tracker']);
  });
});
