import { webcrypto } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ManualClock, temporaryFolder } from '../src/index.ts';

test('timers fire in the order in which they are due, at their own time', async () => {
  const clock = new ManualClock();
  const fired: string[] = [];
  const note = (name: string) => () => fired.push(`${name}@${clock.nowMs()}`);
  clock.after(20, note('late'));
  clock.after(10, note('first'));
  clock.after(10, note('second'));
  const repeated = clock.every(8, note('tick'));
  await clock.advance(16);
  repeated.cancel();
  await clock.advance(100);
  expect(fired).toEqual(['tick@8', 'first@10', 'second@10', 'tick@16', 'late@20']);
  expect(clock.nowMs()).toBe(116);
  expect(clock.pendingTimerCount).toBe(0);
});

test('a timer that was cancelled never fires, however often and late it is cancelled', async () => {
  const clock = new ManualClock();
  let fired = 0;
  const timer = clock.after(5, () => fired++);
  timer.cancel();
  timer.cancel();
  const other = clock.after(5, () => fired++);
  await clock.advance(5);
  other.cancel();
  expect(fired).toBe(1);
  expect(clock.pendingTimerCount).toBe(0);
});

test('a repeated timer may cancel itself', async () => {
  const clock = new ManualClock();
  let count = 0;
  const timer = clock.every(10, () => {
    if (++count === 3) timer.cancel();
  });
  await clock.advance(1000);
  expect(count).toBe(3);
});

test('chains of promises run between two timers', async () => {
  const clock = new ManualClock();
  const seen: string[] = [];
  clock.after(1, async () => {
    for (let link = 0; link < 50; link++) await Promise.resolve();
    seen.push(`chain@${clock.nowMs()}`);
    clock.after(1, () => seen.push(`inner@${clock.nowMs()}`));
  });
  clock.after(5, () => seen.push('after'));
  await clock.advance(5);
  expect(seen).toEqual(['chain@1', 'inner@2', 'after']);
});

test('time waits for real work that was announced', async () => {
  const clock = new ManualClock();
  let doneAtMs = -1;
  clock.after(1, () => {
    const work = new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
    void clock.waitFor(work.then(() => work)).then(() => {
      doneAtMs = clock.nowMs();
    });
  });
  clock.after(2, () => {});
  await clock.advance(10);
  expect(doneAtMs).toBe(1);
});

test('time waits for files and hashes when it is asked to', async () => {
  await using folder = await temporaryFolder();
  const clock = new ManualClock({ waitsForFiles: true });
  const path = join(folder.path, 'file');
  const doneAtMs: number[] = [];
  clock.after(1, async () => {
    await writeFile(path, new Uint8Array(3_000_000));
    const bytes = await readFile(path);
    await webcrypto.subtle.digest('SHA-1', bytes);
    doneAtMs.push(clock.nowMs());
  });
  clock.every(10, () => {});
  await clock.advance(1000);
  clock.stop();
  expect(doneAtMs).toEqual([1]);
});

test('advanceUntil says how long it took, and fails past its limit', async () => {
  const clock = new ManualClock();
  let done = false;
  clock.after(250, () => {
    done = true;
  });
  expect(await clock.advanceUntil(() => done, 1000)).toBe(250);
  await expect(clock.advanceUntil(() => false, 100)).rejects.toThrow('within 100 virtual ms');
  expect(clock.nowMs()).toBe(350);
});

test('what a timer throws reaches the test', async () => {
  const clock = new ManualClock();
  clock.after(1, () => {
    throw new Error('broken');
  });
  await expect(clock.advance(5)).rejects.toThrow('broken');
});

test('time moves for one caller at a time', async () => {
  const clock = new ManualClock();
  const first = clock.advance(5);
  await expect(clock.advance(5)).rejects.toThrow('moving already');
  await first;
});

test('wall time moves with it', async () => {
  const clock = new ManualClock({ wallMs: 1000 });
  await clock.advance(5);
  expect(clock.wallMs()).toBe(1005);
});
