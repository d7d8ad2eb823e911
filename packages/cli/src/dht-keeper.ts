/** Keeps the routing table of the DHT in a file: a crash costs what was learnt in a few minutes. */
import { dirname } from 'node:path';
import { makeFolder, replaceFile } from '@shoal/chunk-store';
import type { Clock, Log, Timer } from '@shoal/units';

const LOOK_EVERY_MS = 10_000;
const SAVE_EVERY_MS = 300_000;
/** Enough to find back in: the first table with as many is written at once. */
const FILLED_COUNT = 50;

/** What has the table. */
interface RoutingTable {
  readonly nodeCount: number;
  save(): Uint8Array;
}

interface DhtKeeperOptions {
  readonly path: string;
  readonly table: RoutingTable;
  readonly clock: Pick<Clock, 'nowMs' | 'every'>;
  readonly log: Log;
}

export class DhtKeeper {
  readonly #options: DhtKeeperOptions;
  readonly #timer: Timer;
  #savedAtMs: number;
  #savedCount = 0;
  #saving: Promise<void> = Promise.resolve();

  constructor(options: DhtKeeperOptions) {
    this.#options = options;
    this.#savedAtMs = options.clock.nowMs();
    this.#timer = options.clock.every(LOOK_EVERY_MS, () => this.#look());
  }

  /** Resolves when nothing is being written. */
  settled(): Promise<void> {
    return this.#saving;
  }

  /** Saves for the last time; call it when the table has stopped. */
  async close(): Promise<void> {
    this.#timer.cancel();
    await this.#save();
  }

  /** A table that is empty is no better than the one of the last run. */
  #look(): void {
    const { nodeCount } = this.#options.table;
    const isFirst = this.#savedCount < FILLED_COUNT && nodeCount >= FILLED_COUNT;
    const isOld = this.#options.clock.nowMs() - this.#savedAtMs >= SAVE_EVERY_MS;
    if (nodeCount > 0 && (isFirst || isOld)) void this.#save();
  }

  #save(): Promise<void> {
    const { table, clock, log } = this.#options;
    this.#savedAtMs = clock.nowMs();
    this.#savedCount = table.nodeCount;
    this.#saving = this.#saving
      .then(() => this.#write(table.save()))
      .catch((error: Error) => log.warn('the DHT nodes were not kept', { reason: error.message }));
    return this.#saving;
  }

  /** Several processes may share the file: the table written last is as good as any. */
  async #write(bytes: Uint8Array): Promise<void> {
    const { path } = this.#options;
    await makeFolder(dirname(path));
    await replaceFile(path, bytes);
  }
}
