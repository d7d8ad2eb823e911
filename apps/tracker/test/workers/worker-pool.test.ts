import { ManualClock } from '@shoal/testkit';
import type { SharedSwarmStore } from '@shoal/tracker/server';
import { type Log, silentLog } from '@shoal/units';
import { expect, test } from 'vitest';
import { Pulse } from '../../src/workers/pulse.ts';
import { type PooledWorker, WorkerPool } from '../../src/workers/worker-pool.ts';
import type { WorkerTask } from '../../src/workers/worker-protocol.ts';

/** A worker that does what the test says. */
class FakeWorker implements PooledWorker {
  readonly port = { post: () => Promise.resolve(), listen: () => () => {} };
  readonly report = undefined;
  readonly pulse = new Pulse();
  readonly number: number;
  readonly pid: number;
  readonly #listening = Promise.withResolvers<boolean>();
  readonly #end = Promise.withResolvers<string>();

  constructor(number: number, pid: number) {
    this.number = number;
    this.pid = pid;
  }

  get isListening(): Promise<boolean> {
    return this.#listening.promise;
  }

  get ended(): Promise<string> {
    return this.#end.promise;
  }

  listen(): void {
    this.#listening.resolve(true);
  }

  tell(): void {}

  kill(): void {
    this.#end.resolve('SIGKILL');
  }

  stop(): Promise<void> {
    this.#end.resolve('exit code 0');
    return Promise.resolve();
  }
}

async function startPool() {
  const clock = new ManualClock();
  const workers: FakeWorker[] = [];
  const lines: string[] = [];
  const log: Log = {
    ...silentLog,
    error: (message, fields) => lines.push(`${message}: ${fields?.pid}`),
  };
  const starting = WorkerPool.start({
    ...{ count: 2, clock, log, hubs: undefined },
    task: {} as WorkerTask,
    store: {} as SharedSwarmStore,
    create: (number) => {
      const worker = new FakeWorker(number, 1 + workers.length);
      workers.push(worker);
      return worker;
    },
  });
  for (const worker of workers) worker.listen();
  return { pool: (await starting)!, clock, workers, lines };
}

test('a worker that hangs is killed and replaced, and not counted meanwhile', async () => {
  const { pool, clock, workers, lines } = await startPool();
  for (let second = 1; second < 20; second++) {
    workers[1]!.pulse.beat();
    await clock.advance(1_000);
    expect(pool.answeringCount()).toBe(second < 10 ? 2 : 1);
  }
  expect(lines).toEqual([]);
  workers[1]!.pulse.beat();
  await clock.advance(1_000);
  expect(lines).toEqual(['a worker hangs and is killed: 1', 'a worker ended and is replaced: 1']);
  workers[1]!.pulse.beat();
  await clock.advance(1_000);
  expect(workers.map(({ number }) => number)).toEqual([1, 2, 1]);
  expect(pool.answeringCount()).toBe(1);
  workers[2]!.listen();
  await clock.advance(0);
  expect(pool.answeringCount()).toBe(2);
  await pool.close();
  expect(clock.pendingTimerCount).toBe(0);
});

test('a worker that is busy for less goes on, and one that does not listen yet has all the time', async () => {
  const { pool, clock, workers, lines } = await startPool();
  await clock.advance(19_000);
  expect(pool.answeringCount()).toBe(0);
  for (const worker of workers) worker.pulse.beat();
  expect(pool.answeringCount()).toBe(2);
  workers[0]!.kill();
  await clock.advance(19_000);
  workers[1]!.pulse.beat();
  await clock.advance(19_000);
  expect(workers).toHaveLength(3);
  expect(lines).toEqual(['a worker ended and is replaced: 1']);
  await pool.close();
});
