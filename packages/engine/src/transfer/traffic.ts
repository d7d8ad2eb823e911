/** What flows through one torrent: meters, limits, and totals over all runs. */
import { RateSamples } from '../state/rate-samples.ts';
import type { Limits } from '../state/snapshot.ts';
import { RateLimiter } from './rate-limiter.ts';
import { RateMeter } from './rate-meter.ts';

/** Payload in bytes, all time. */
export interface Totals {
  readonly downloaded: number;
  readonly uploaded: number;
}

/** One direction. */
export interface Lane {
  readonly limiter: RateLimiter;
  readonly meter: RateMeter;
}

export class Traffic {
  readonly down: Lane;
  readonly up: Lane;
  readonly samples = new RateSamples();
  #former: Totals = { downloaded: 0, uploaded: 0 };

  /** @param shared - the limits of all torrents together */
  constructor(
    limits: Limits,
    shared: { readonly down: RateLimiter; readonly up: RateLimiter },
    nowMs: number,
  ) {
    this.down = makeLane(limits.downBytesPerS, shared.down, nowMs);
    this.up = makeLane(limits.upBytesPerS, shared.up, nowMs);
  }

  get limits(): Limits {
    return {
      downBytesPerS: this.down.limiter.bytesPerS,
      upBytesPerS: this.up.limiter.bytesPerS,
    };
  }

  setLimits(limits: Partial<Limits>): void {
    if ('downBytesPerS' in limits) this.down.limiter.setRate(limits.downBytesPerS);
    if ('upBytesPerS' in limits) this.up.limiter.setRate(limits.upBytesPerS);
  }

  get totals(): Totals {
    return {
      downloaded: this.#former.downloaded + this.down.meter.total,
      uploaded: this.#former.uploaded + this.up.meter.total,
    };
  }

  /** Payload of this run in bytes, both ways. */
  get movedLength(): number {
    return this.down.meter.total + this.up.meter.total;
  }

  /** What flowed in former runs, and the limits of the last one where none is set now. */
  addFormer(former: Totals & Limits): void {
    const { downloaded, uploaded } = former;
    const { downBytesPerS, upBytesPerS } = this.limits;
    this.#former = { downloaded, uploaded };
    this.setLimits({
      downBytesPerS: downBytesPerS ?? former.downBytesPerS,
      upBytesPerS: upBytesPerS ?? former.upBytesPerS,
    });
  }

  /** Once a second. @returns whether anything flows */
  tick(nowMs: number): boolean {
    this.down.meter.tick(nowMs);
    this.up.meter.tick(nowMs);
    const { bytesPerS: down } = this.down.meter;
    const { bytesPerS: up } = this.up.meter;
    this.samples.add(down, up);
    return down + up > 0;
  }
}

function makeLane(bytesPerS: number | undefined, parent: RateLimiter, nowMs: number): Lane {
  return { limiter: new RateLimiter({ bytesPerS, parent }), meter: new RateMeter(nowMs) };
}
