/** The processes that answer: started, counted together, replaced when one ends. */
import type {
  AccessLists,
  SharedSwarmStore,
  SignalHub,
  SwarmHub,
  TlsIdentity,
  TrackerStats,
} from '@shoal/tracker/server';
import type { Clock, Log, Timer } from '@shoal/units';
import type { WorkersStatus } from '../running-tracker.ts';
import type { ProcessLoad } from './process-load.ts';
import { narrowPort } from './process-port.ts';
import { Worker } from './worker.ts';
import { addCounts, type WorkerCounts } from './worker-counts.ts';
import { isMemberMessage, type WorkerTask } from './worker-protocol.ts';

/** A worker that ended is replaced after so long. */
const RESTART_DELAY_MS = 1_000;
const LOOK_PERIOD_MS = 1_000;

/** Who passes on what processes tell each other. */
export interface Hubs {
  readonly swarms: SwarmHub;
  readonly signals: SignalHub;
}

/** What of a worker is used here. */
export type PooledWorker = Pick<Worker, keyof Worker>;

export interface WorkerPoolOptions {
  readonly count: number;
  readonly task: WorkerTask;
  /** Passes on what workers hear; undefined when Redis does. */
  readonly hubs: Hubs | undefined;
  /** Knows everything: what a new worker is told. */
  readonly store: SharedSwarmStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Starts one; a process unless given. */
  readonly create?: (number: number, task: WorkerTask) => PooledWorker;
}

export class WorkerPool implements WorkersStatus {
  readonly #options: WorkerPoolOptions;
  readonly #workers = new Set<PooledWorker>();
  /** Those of them that have listened. */
  readonly #listening = new Set<PooledWorker>();
  readonly #looking: Timer;
  readonly #restarts = new Set<Timer>();
  /** Of workers that have ended. */
  #ended: WorkerCounts | undefined;
  #lists: AccessLists | undefined;
  #identity: TlsIdentity | undefined;
  #restartCount = 0;
  #isClosed = false;

  /** Starts all of them. @returns undefined when one ended before it listened; all have then */
  static async start(options: WorkerPoolOptions): Promise<WorkerPool | undefined> {
    const pool = new WorkerPool(options);
    const workers = Array.from({ length: options.count }, (_, index) => pool.#add(1 + index));
    const listening = await Promise.all(workers.map((worker) => worker.isListening));
    if (listening.every(Boolean)) return pool;
    await pool.close();
    return undefined;
  }

  private constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#looking = options.clock.every(LOOK_PERIOD_MS, () => this.#look());
  }

  /** Adds what all workers did, those that ended among them, to the stats of the parent. */
  addTo(stats: TrackerStats): TrackerStats {
    const counts = [this.#ended, ...this.#reports().map((report) => report.stats)];
    return { ...stats, ...addCounts(stats, ...counts) };
  }

  /** Clients by the first characters of their peer ids, of all workers. */
  clientCounts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const { clients } of this.#reports())
      for (const [name, count] of clients) counts.set(name, (counts.get(name) ?? 0) + count);
    return counts;
  }

  loads(): ReadonlyMap<number, ProcessLoad> {
    return new Map(
      [...this.#workers].flatMap(({ number, report }) =>
        report === undefined ? [] : [[number, report.load] as const],
      ),
    );
  }

  restartCount(): number {
    return this.#restartCount;
  }

  answeringCount(): number {
    return [...this.#listening].filter(({ pulse }) => !pulse.isQuiet).length;
  }

  setLists(lists: AccessLists): void {
    this.#lists = lists;
    for (const worker of this.#workers) worker.tell({ type: 'lists', lists });
  }

  setIdentity(identity: TlsIdentity): void {
    this.#identity = identity;
    for (const worker of this.#workers) worker.tell({ type: 'identity', identity });
  }

  /** Ends all of them. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#looking.cancel();
    for (const timer of this.#restarts) timer.cancel();
    await Promise.all([...this.#workers].map((worker) => worker.stop()));
  }

  #reports() {
    return [...this.#workers].flatMap(({ report }) => report ?? []);
  }

  /** Finds those that hang: they hold connections and packets that nobody answers. */
  #look(): void {
    for (const worker of this.#listening) {
      worker.pulse.look();
      if (!worker.pulse.isHung) continue;
      this.#options.log.error('a worker hangs and is killed', { pid: worker.pid });
      worker.kill();
      worker.pulse.beat();
    }
  }

  #add(number: number): PooledWorker {
    const { task, hubs, store, log, create = startProcess } = this.#options;
    const worker = create(number, { ...task, lists: this.#lists ?? task.lists });
    this.#workers.add(worker);
    const port = narrowPort(worker.port, isMemberMessage);
    const detach = [
      hubs?.swarms.attach(port, () => store.allBatches()),
      hubs?.signals.attach(port),
    ];
    void worker.isListening.then((isListening) => {
      if (!isListening) return;
      this.#listening.add(worker);
      if (this.#lists !== undefined) worker.tell({ type: 'lists', lists: this.#lists });
      if (this.#identity !== undefined) worker.tell({ type: 'identity', identity: this.#identity });
    });
    void worker.ended.then((how) => {
      for (const end of detach) end?.();
      this.#workers.delete(worker);
      this.#listening.delete(worker);
      if (worker.report !== undefined) {
        const { http, udp, ws, answerTimes } = worker.report.stats;
        this.#ended = addCounts(
          {
            ...{ udp, answerTimes },
            http: { ...http, connectionCount: 0 },
            ws: { ...ws, connectionCount: 0 },
          },
          this.#ended,
        );
      }
      if (this.#isClosed) return;
      log.error('a worker ended and is replaced', { how, pid: worker.pid });
      this.#restart(number);
    });
    return worker;
  }

  #restart(number: number): void {
    const timer = this.#options.clock.after(RESTART_DELAY_MS, () => {
      this.#restarts.delete(timer);
      this.#restartCount++;
      this.#add(number);
    });
    this.#restarts.add(timer);
  }
}

function startProcess(number: number, task: WorkerTask): PooledWorker {
  return new Worker(number, task);
}
