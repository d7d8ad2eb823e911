/** Where the swarms of this process live, as the flags say. */
import {
  MemorySwarmStore,
  peerLifetimeOf,
  SharedSwarmStore,
  type SignalCarrier,
  type SwarmExchange,
} from '@shoal/tracker/server';
import type { Log } from '@shoal/units';
import { systemClock, systemRandom } from '../adapters.ts';
import { type LimitFlags, storeLimits } from '../limit-flags.ts';
import type { StorageFlags } from './storage-flags.ts';

export interface Storage {
  readonly store: MemorySwarmStore | SharedSwarmStore;
  /** The way to WebSocket peers of other processes, if there are any; whoever uses it closes it. */
  readonly signals: SignalCarrier | undefined;
  /** Tells the other processes the last words. Idempotent. */
  close(): Promise<void>;
}

export interface StorageOptions {
  readonly flags: Pick<StorageFlags, 'store' | 'workers' | 'peerIds'> &
    LimitFlags & { readonly interval: number };
  readonly log: Log;
  /** The ways to other processes of this tracker, if there are any. Redis is one to all of them. */
  readonly family?: Family;
}

/** What the processes of one tracker have. */
interface Family {
  openExchange(): Promise<SwarmExchange>;
  /** @returns undefined when no process listens on WebSocket */
  openSignals(): SignalCarrier | undefined;
}

/** Opens it; shared swarms are all there then. */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { flags, log, family } = options;
  const own = {
    ...storeLimits(flags),
    peerLifetimeS: peerLifetimeOf(flags.interval),
    keepsPeerIds: flags.peerIds === true,
    clock: systemClock,
    random: systemRandom,
    log,
  };
  if (flags.store !== 'memory') {
    const { RedisExchange, RedisSignals } = await import('@shoal/tracker/redis');
    const exchange = await RedisExchange.open({ ...own, url: flags.store });
    const store = await SharedSwarmStore.open({ ...own, exchange });
    const signals = new RedisSignals({ ...own, url: flags.store });
    return { store, signals, close: () => store.close() };
  }
  if (family === undefined)
    return {
      store: new MemorySwarmStore(own),
      signals: undefined,
      close: () => Promise.resolve(),
    };
  const exchange = await family.openExchange();
  const store = await SharedSwarmStore.open({ ...own, exchange, periodMs: WORKER_PERIOD_MS });
  const signals = family.openSignals();
  return { store, signals, close: () => store.close() };
}

/** Between two exchanges of workers, in milliseconds: they cost little. */
const WORKER_PERIOD_MS = 100;
