/** One machine on a network in memory: its own address, ports and wire. */
import {
  type Clock,
  type Dial,
  type Listener,
  type Network,
  type PeerAddress,
  parseIp,
  peerAddressFromBytes,
  type Transport,
} from '@shoal/units';
import { type Bandwidth, MemoryLink } from './memory-link.ts';
import type { MemoryPipe } from './memory-pipe.ts';
import { systemError } from './system-error.ts';

const FIRST_FREE_PORT = 20_000;
const FIRST_DIAL_PORT = 49_152;

export interface HostOptions extends Partial<Bandwidth> {
  /** Between this host and the middle of the network: half of what it adds to a round trip. */
  readonly latencyMs?: number;
  /** Bytes of one stream that may be on their way here or lie here unread: its TCP window. */
  readonly windowLength?: number;
}

/** What a dial comes to; neither is called when no answer ever comes. */
export interface DialOutcome {
  connected(transport: Transport): void;
  refused(): void;
}

/** What a host needs of the network around it. */
export interface Surroundings {
  readonly clock: Clock;
  /** A segment left this host. */
  carry(pipe: MemoryPipe, segment: Uint8Array): void;
  /** Asks for a stream from a port of this host to `address`. */
  connect(from: MemoryHost, port: number, address: PeerAddress, outcome: DialOutcome): void;
}

type Accept = (transport: Transport) => void;

export class MemoryHost implements Network {
  /** IP address in its canonical text form. */
  readonly ip: string;
  readonly latencyMs: number;
  readonly windowLength: number;
  /** May be changed at any time. */
  readonly bandwidth: Bandwidth;
  readonly link: MemoryLink;
  /** Bytes of all streams that left here, and that came in. */
  sentLength = 0;
  receivedLength = 0;
  readonly #network: Surroundings;
  readonly #listeners = new Map<number, Accept>();
  #dialPort = FIRST_DIAL_PORT;

  constructor(network: Surroundings, ip: string, options: Required<HostOptions>) {
    this.#network = network;
    this.ip = ip;
    this.latencyMs = options.latencyMs;
    this.windowLength = options.windowLength;
    this.bandwidth = {
      upBytesPerS: options.upBytesPerS,
      downBytesPerS: options.downBytesPerS,
    };
    this.link = new MemoryLink(network.clock, this.bandwidth, (pipe, segment) => {
      this.sentLength += segment.length;
      network.carry(pipe, segment);
    });
  }

  address(port: number): PeerAddress {
    return peerAddressFromBytes(parseIp(this.ip)!, port);
  }

  accepterAt(port: number): Accept | undefined {
    return this.#listeners.get(port);
  }

  async listen(port: number, _host: string | undefined, accept: Accept): Promise<Listener> {
    const taken = port === 0 ? this.#freePort() : port;
    if (this.#listeners.has(taken)) throw systemError('EADDRINUSE', `${this.ip}:${taken} is taken`);
    this.#listeners.set(taken, accept);
    return {
      address: this.address(taken),
      close: async () => {
        if (this.#listeners.get(taken) === accept) this.#listeners.delete(taken);
      },
    };
  }

  /** Nobody at the address: ETIMEDOUT. Nobody at the port: ECONNREFUSED after a round trip. */
  dial(address: PeerAddress, { timeoutMs, signal }: Dial): Promise<Transport> {
    const { clock } = this.#network;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      let isOver = false;
      const end = (): boolean => {
        if (isOver) return false;
        isOver = true;
        timeout.cancel();
        signal?.removeEventListener('abort', abort);
        return true;
      };
      const fail = (error: unknown): void => {
        if (end()) reject(error);
      };
      const abort = (): void => fail(signal!.reason);
      const timeout = clock.after(timeoutMs, () =>
        fail(systemError('ETIMEDOUT', `${address.host} did not answer within ${timeoutMs} ms`)),
      );
      signal?.addEventListener('abort', abort);
      this.#network.connect(this, this.#dialPort++, address, {
        connected(transport) {
          if (end()) resolve(transport);
          else transport.close();
        },
        refused: () => fail(systemError('ECONNREFUSED', `${address.host}:${address.port} refused`)),
      });
    });
  }

  #freePort(): number {
    for (let port = FIRST_FREE_PORT; ; port++) if (!this.#listeners.has(port)) return port;
  }
}
