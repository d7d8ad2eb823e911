/**
 * Lets tracker processes know how many WebSocket peers each of them has in which swarm, and takes
 * their offers and answers in. Counts are said whole each time, so that telling twice does no harm;
 * when something may be lost, all is said again.
 */
import type { Clock, Log, Timer } from '@shoal/units';
import { ExchangeError } from '../exchange/exchange-error.ts';
import { decodeSignal } from '../signals/decode-signal.ts';
import { encodeSignal } from '../signals/encode-signal.ts';
import type { Signal, SwarmNews } from '../signals/signal.ts';
import type { SignalCarrier, SignalListener } from '../signals/signal-carrier.ts';
import { readInfoHashWords, type SwarmCounts, type SwarmStore } from '../swarm/swarm-store.ts';
import type { OfferRelay } from './offer-relay.ts';
import type { Elsewhere } from './websocket-swarm.ts';
import type { WebSocketSwarms } from './websocket-swarms.ts';

/** Changes are told this often: a page that comes is counted within so many milliseconds. */
const PERIOD_MS = 200;
/** Swarms in one signal: 16 K. */
const SWARMS_PER_SIGNAL = 512;
/** Signals with counts in one period: 80,000 swarms a second in all. */
const SIGNALS_PER_PERIOD = 32;
/** How often a process says that it is there, and how long one may be silent until it is gone. */
const ALIVE_PERIOD_MS = 5_000;
const MAX_QUIET_MS = 20_000;
/** Swarms looked through in one period for what processes had that are gone: some milliseconds. */
const SWEEP_COUNT = 4_096;

export interface SharedSignalsOptions {
  readonly carrier: SignalCarrier;
  readonly swarms: WebSocketSwarms;
  readonly relay: OfferRelay;
  /** Its counts have those of `swarms` in them. */
  readonly store: SwarmStore;
  readonly clock: Clock;
  readonly log: Log;
}

export class SharedSignals implements SignalListener {
  readonly #options: SharedSignalsOptions;
  readonly #timers: readonly Timer[];
  /** The others, and when each was heard of last. */
  readonly #places = new Map<string, Elsewhere & { heardMs: number }>();
  /** Those that were quiet for too long: what they said before is forgotten. */
  readonly #lost = new Set<string>();
  readonly #words = new Int32Array(5);
  readonly #counts: SwarmCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
  #hasWarned = false;
  #closing: Promise<void> | undefined;

  constructor(options: SharedSignalsOptions) {
    this.#options = options;
    const { carrier, clock } = options;
    this.#timers = [
      clock.every(PERIOD_MS, () => this.#tell()),
      clock.every(ALIVE_PERIOD_MS, () => this.#beat()),
    ];
    carrier.listen(this);
  }

  handleGap(): void {
    const { swarms } = this.#options;
    for (const origin of this.#places.keys()) this.#forget(origin);
    this.#lost.clear();
    this.#send({ type: 'hello' });
    swarms.changeAll();
  }

  handleSignal(bytes: Uint8Array): void {
    const { carrier, clock, log } = this.#options;
    try {
      const { origin, signal } = decodeSignal(bytes);
      if (origin === carrier.origin) return;
      if (this.#lost.delete(origin)) this.#send({ type: 'ask' }, origin);
      this.#take(origin, signal);
      const place = this.#places.get(origin);
      if (place !== undefined) place.heardMs = clock.nowMs();
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      if (!this.#hasWarned)
        log.warn('what another process says cannot be read', { reason: error.message });
      this.#hasWarned = true;
    }
  }

  /** Says that the peers of this process are gone. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #close(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    this.#send({ type: 'leaving' });
    return this.#options.carrier.close();
  }

  #take(origin: string, signal: Signal): void {
    const { swarms, relay } = this.#options;
    switch (signal.type) {
      case 'hello':
        this.#forget(origin);
        return swarms.changeAll();
      case 'ask':
        return swarms.changeAll();
      case 'alive':
        return;
      case 'leaving':
        return this.#forget(origin);
      case 'counts':
        for (const news of signal.swarms) this.#takeCounts(origin, news);
        return;
      case 'offers':
        return relay.takeOffers(origin, signal);
      case 'answer':
        return relay.takeAnswer(signal);
    }
  }

  #takeCounts(origin: string, { infoHash, ...counts }: SwarmNews): void {
    const { swarms, store, clock } = this.#options;
    const place = this.#places.get(origin) ?? { origin, isGone: false, heardMs: clock.nowMs() };
    this.#places.set(origin, place);
    swarms.setElsewhere(place, infoHash, counts);
    // Finds out whether there are other peers in it too.
    readInfoHashWords(this.#words, infoHash, 0);
    store.scrape(this.#words, this.#counts);
  }

  /** A process that comes back is another one. */
  #forget(origin: string): void {
    const place = this.#places.get(origin);
    if (place !== undefined) this.#options.swarms.forgetElsewhere(place);
    this.#places.delete(origin);
  }

  #tell(): void {
    const { carrier, swarms } = this.#options;
    swarms.sweep(SWEEP_COUNT);
    for (let left = SIGNALS_PER_PERIOD; left > 0 && carrier.isOpen; left--) {
      const changed = swarms.takeChanged(SWARMS_PER_SIGNAL);
      if (changed.length === 0) return;
      const news = changed.map(({ infoHash, countsHere }) => ({ infoHash, ...countsHere }));
      this.#send({ type: 'counts', swarms: news });
    }
  }

  #beat(): void {
    const { clock, swarms } = this.#options;
    if (swarms.ownPeerCount > 0) this.#send({ type: 'alive' });
    const quietMs = clock.nowMs() - MAX_QUIET_MS;
    for (const [origin, { heardMs }] of this.#places) {
      if (heardMs > quietMs) continue;
      this.#lost.add(origin);
      this.#forget(origin);
    }
  }

  #send(signal: Signal, to?: string): void {
    const { carrier } = this.#options;
    carrier.send(encodeSignal(carrier.origin, signal), to);
  }
}
