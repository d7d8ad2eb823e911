import { describe, expect, it } from 'vitest';
import { SharedLock } from '../src/shared-lock.ts';

/** Work that ends when a test says so, and says what is under way. */
function makeWork(lock: SharedLock) {
  const underWay = new Set<string>();
  const begin = (how: 'shared' | 'alone', name: string) => {
    const gate = Promise.withResolvers<void>();
    const done = lock[how](async () => {
      underWay.add(name);
      await gate.promise;
      underWay.delete(name);
      return name;
    });
    return { done, end: gate.resolve, fail: gate.reject };
  };
  return { underWay, begin };
}

describe('SharedLock', () => {
  it('lets many share, at once and without waiting', () => {
    const { underWay, begin } = makeWork(new SharedLock());
    begin('shared', 'a');
    begin('shared', 'b');
    expect([...underWay]).toEqual(['a', 'b']);
  });

  it('lets one be alone when those before it have ended, and those after it wait', async () => {
    const { underWay, begin } = makeWork(new SharedLock());
    const [a, b] = [begin('shared', 'a'), begin('shared', 'b')];
    const alone = begin('alone', 'alone');
    const after = begin('shared', 'after');
    a.end();
    await a.done;
    expect([...underWay]).toEqual(['b']);
    b.end();
    await b.done;
    await expect.poll(() => [...underWay]).toEqual(['alone']);
    alone.end();
    expect(await alone.done).toBe('alone');
    await expect.poll(() => [...underWay]).toEqual(['after']);
    after.end();
    expect(await after.done).toBe('after');
  });

  it('lets several be alone one after the other', async () => {
    const { underWay, begin } = makeWork(new SharedLock());
    const works = ['a', 'b', 'c'].map((name) => begin('alone', name));
    for (const [n, work] of works.entries()) {
      await expect.poll(() => [...underWay]).toEqual([['a', 'b', 'c'][n]]);
      work.end();
      await work.done;
    }
  });

  it('goes on after work that failed', async () => {
    const { begin } = makeWork(new SharedLock());
    for (const how of ['shared', 'alone', 'shared', 'alone'] as const) {
      const work = begin(how, how);
      work.fail(new Error(how));
      await expect(work.done).rejects.toThrow(how);
    }
  });
});
