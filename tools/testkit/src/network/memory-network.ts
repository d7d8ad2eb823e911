/** Hosts joined by a network in memory, on virtual time. */
import { type Clock, type PeerAddress, parseIp, peerAddressFromBytes } from '@shoal/units';
import {
  type DialOutcome,
  type HostOptions,
  MemoryHost,
  type Surroundings,
} from './memory-host.ts';
import type { MemoryPipe } from './memory-pipe.ts';
import { MemoryTransport } from './memory-transport.ts';
import { systemError } from './system-error.ts';

/** A round trip between two hosts that say nothing else takes 20 ms. */
const DEFAULT_LATENCY_MS = 5;
const DEFAULT_WINDOW_LENGTH = 1024 * 1024;

interface Stream {
  readonly hosts: readonly [string, string];
  readonly ends: readonly [MemoryTransport, MemoryTransport];
  openCount: number;
}

/**
 * A network in which each host has an address, a latency and a bandwidth of its own, and in which
 * cables can be cut. Streams behave as TCP does: in order, with a window, shared fairly among the
 * streams of a host. All that happens, happens on the clock.
 */
export class MemoryNetwork implements Surroundings {
  readonly clock: Clock;
  readonly #hosts = new Map<string, MemoryHost>();
  readonly #streams = new Set<Stream>();
  readonly #cuts = new Set<string>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** The host with this IP address; made when it is first named, with these options. */
  host(ip: string, options: HostOptions = {}): MemoryHost {
    const known = this.#hosts.get(ip);
    if (known !== undefined) return known;
    const name = canonical(ip);
    if (name !== ip) return this.host(name, options);
    const host = new MemoryHost(this, name, {
      latencyMs: options.latencyMs ?? DEFAULT_LATENCY_MS,
      windowLength: options.windowLength ?? DEFAULT_WINDOW_LENGTH,
      upBytesPerS: options.upBytesPerS,
      downBytesPerS: options.downBytesPerS,
    });
    this.#hosts.set(name, host);
    return host;
  }

  /** Streams of which one end at least is open: 0 once everything is closed. */
  get openStreamCount(): number {
    return this.#streams.size;
  }

  /** Nothing passes between two hosts, or between one and all others; nobody is told. */
  cut(a: string, b?: string): void {
    this.#cuts.add(cutName(a, b));
  }

  /** What was under way when the cable was cut goes on. */
  heal(a: string, b?: string): void {
    this.#cuts.delete(cutName(a, b));
    for (const { ends } of this.#streams) {
      for (const { out } of ends) {
        this.clock.after(0, () => this.#release(out));
        this.#wake(out);
      }
    }
  }

  /** Breaks the streams between two hosts: both ends see ECONNRESET. */
  reset(a: string, b: string): void {
    const names = new Set([canonical(a), canonical(b)]);
    for (const { hosts, ends } of [...this.#streams]) {
      if (!hosts.every((host) => names.has(host))) continue;
      for (const end of ends) end.fail(systemError('ECONNRESET', 'the stream was reset'));
    }
  }

  carry(pipe: MemoryPipe, segment: Uint8Array): void {
    this.clock.after(this.#latencyMs(pipe.from, pipe.to), () => {
      // Behind a held segment others wait too: a stream stays in order.
      if (pipe.isHolding || this.#isCut(pipe.from, pipe.to)) pipe.hold(segment);
      else this.#land(pipe, segment);
    });
  }

  connect(from: MemoryHost, port: number, address: PeerAddress, outcome: DialOutcome): void {
    const to = this.#find(from, address.host);
    if (to === undefined) return;
    const latencyMs = this.#latencyMs(from.ip, to.ip);
    const send = (run: () => void): void => {
      this.clock.after(latencyMs, () => {
        if (!this.#isCut(from.ip, to.ip)) run();
      });
    };
    send(() => {
      const accept = to.accepterAt(address.port);
      if (accept === undefined) return send(() => outcome.refused());
      const [dialled, accepted] = this.#join(from.address(port), to.address(address.port));
      accept(accepted);
      send(() => outcome.connected(dialled));
    });
  }

  #land(pipe: MemoryPipe, segment: Uint8Array): void {
    const to = this.host(pipe.to);
    const arrive = (): void => {
      to.receivedLength += segment.length;
      pipe.arrive(segment);
    };
    if (pipe.from === pipe.to) arrive();
    else to.link.receive(segment.length, arrive);
  }

  #release(pipe: MemoryPipe): void {
    if (this.#isCut(pipe.from, pipe.to)) return;
    for (const segment of pipe.takeHeld()) this.#land(pipe, segment);
  }

  #join(dialler: PeerAddress, listener: PeerAddress): readonly [MemoryTransport, MemoryTransport] {
    const make = (local: PeerAddress, remote: PeerAddress, incoming: boolean): MemoryTransport =>
      new MemoryTransport({
        clock: this.clock,
        local,
        remote,
        incoming,
        windowLength: this.host(remote.host).windowLength,
        wake: (pipe) => this.#wake(pipe),
        handleClosed: () => {
          if (--stream.openCount === 0) this.#streams.delete(stream);
        },
      });
    const ends = [make(dialler, listener, false), make(listener, dialler, true)] as const;
    MemoryTransport.join(...ends);
    const stream: Stream = { hosts: [dialler.host, listener.host], ends, openCount: 2 };
    this.#streams.add(stream);
    return ends;
  }

  #wake(pipe: MemoryPipe): void {
    if (!this.#isCut(pipe.from, pipe.to)) this.host(pipe.from).link.wake(pipe);
  }

  #find(from: MemoryHost, ip: string): MemoryHost | undefined {
    if (ip === '::1' || ip.startsWith('127.')) return from;
    return this.#hosts.get(ip);
  }

  #latencyMs(from: string, to: string): number {
    return from === to ? 0 : this.host(from).latencyMs + this.host(to).latencyMs;
  }

  #isCut(a: string, b: string): boolean {
    if (this.#cuts.size === 0 || a === b) return false;
    return [cutName(a, b), cutName(a), cutName(b)].some((name) => this.#cuts.has(name));
  }
}

function canonical(ip: string): string {
  const bytes = parseIp(ip);
  if (bytes === undefined) throw new RangeError(`${ip} is no IP address`);
  return peerAddressFromBytes(bytes, 1).host;
}

function cutName(a: string, b?: string): string {
  return b === undefined ? canonical(a) : [canonical(a), canonical(b)].sort().join(' ');
}
