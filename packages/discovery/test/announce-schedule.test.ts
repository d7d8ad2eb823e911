import { describe, expect, it } from 'vitest';
import { AnnounceSchedule } from '../src/announce-schedule.ts';

const make = (): AnnounceSchedule => new AnnounceSchedule({ intervalMs: 100, minIntervalMs: 30 });

describe('AnnounceSchedule', () => {
  it('is due at once, then after each interval', () => {
    const schedule = make();
    expect(schedule.nextDueMs()).toBeUndefined();
    schedule.add('a', 5);
    expect(schedule.take(5, 9)).toEqual(['a']);
    expect(schedule.take(104, 9)).toEqual([]);
    expect(schedule.nextDueMs()).toBe(105);
    schedule.add('a', 50);
    expect(schedule.nextDueMs()).toBe(105);
  });

  it('gives the most overdue first and no more than asked for', () => {
    const schedule = make();
    for (const [key, ms] of [
      ['c', 3],
      ['a', 1],
      ['b', 2],
    ] as const)
      schedule.add(key, ms);
    expect(schedule.take(10, 2)).toEqual(['a', 'b']);
    expect(schedule.take(10, 2)).toEqual(['c']);
  });

  it('takes along those soon due, but only when one is due', () => {
    const schedule = make();
    schedule.add('a', 0);
    schedule.add('b', 20);
    expect(schedule.take(0, 9, 20)).toEqual(['a', 'b']);
    expect(schedule.take(95, 9, 20)).toEqual([]);
  });

  it('is hastened within the minimum interval, and never delayed', () => {
    const schedule = make();
    schedule.add('a', 0);
    schedule.take(0, 1);
    schedule.hasten('a', 10);
    expect(schedule.nextDueMs()).toBe(30);
    schedule.hasten('a', 80);
    expect(schedule.nextDueMs()).toBe(30);
    schedule.hasten('b', 10);
    schedule.delete('a');
    expect(schedule.nextDueMs()).toBeUndefined();
  });
});
