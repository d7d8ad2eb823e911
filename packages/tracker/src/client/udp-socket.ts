/** The two UDP sockets of the client, one a family, and who waits for which answer on them. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Clock } from '@shoal/units';
import { parseIp } from '@shoal/units';
import { TrackerError } from '../protocol/tracker-error.ts';
import { decodeUdpResponse, type UdpResponse } from '../protocol/udp-response.ts';
import type { Endpoint } from './endpoints.ts';

interface Waiter {
  readonly endpoint: Endpoint;
  settle(response: UdpResponse | TrackerError): void;
}

/** Sends datagrams and matches answers by transaction id, address and port. Made on first use. */
export class UdpSockets {
  readonly #clock: Clock;
  readonly #sockets = new Map<4 | 6, Socket>();
  readonly #waiters = new Map<number, Waiter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Sends one packet and waits for its answer.
   *
   * @param transactionId - the one in `packet`; not waited for by anyone else
   * @returns the answer, or undefined when none came within `timeoutMs`
   * @throws TrackerError `unreachable` when the system does not send it, or what is wrong with the
   * answer; the signal's reason when it fires
   */
  ask(
    endpoint: Endpoint,
    packet: Uint8Array,
    transactionId: number,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<UdpResponse | undefined> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const finish = (): void => {
        timer.cancel();
        signal.removeEventListener('abort', abort);
        this.#waiters.delete(transactionId);
      };
      const settle = (result: UdpResponse | TrackerError | undefined): void => {
        finish();
        if (result instanceof TrackerError) reject(result);
        else resolve(result);
      };
      const abort = (): void => {
        finish();
        reject(signal.reason);
      };
      const timer = this.#clock.after(timeoutMs, () => settle(undefined));
      signal.addEventListener('abort', abort, { once: true });
      this.#waiters.set(transactionId, { endpoint, settle });
      this.#socket(endpoint.family).send(packet, endpoint.port, endpoint.ip, (error) => {
        if (error !== null && this.#waiters.has(transactionId)) settle(unreachable(error));
      });
    });
  }

  isWaitedFor(transactionId: number): boolean {
    return this.#waiters.has(transactionId);
  }

  /** Closes the sockets; who still waits hears `closed`. */
  async close(): Promise<void> {
    for (const { settle } of [...this.#waiters.values()])
      settle(new TrackerError('closed', 'the tracker client was closed'));
    const sockets = [...this.#sockets.values()];
    this.#sockets.clear();
    await Promise.all(
      sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))),
    );
  }

  #socket(family: 4 | 6): Socket {
    const made = this.#sockets.get(family);
    if (made !== undefined) return made;
    const socket = createSocket({ type: family === 4 ? 'udp4' : 'udp6', ipv6Only: family === 6 });
    socket.on('message', (packet, from) => this.#handlePacket(packet, from, family));
    socket.on('error', (error) => this.#handleError(error, family));
    socket.unref();
    this.#sockets.set(family, socket);
    return socket;
  }

  #handlePacket(packet: Buffer, from: RemoteInfo, family: 4 | 6): void {
    if (packet.length < 8) return;
    const waiter = this.#waiters.get(packet.readUInt32BE(4));
    if (waiter === undefined || !isFrom(waiter.endpoint, from)) return;
    try {
      waiter.settle(decodeUdpResponse(packet, family));
    } catch (error) {
      if (!(error instanceof TrackerError)) throw error;
      waiter.settle(error);
    }
  }

  /** A socket that cannot be bound: nobody gets an answer on it. */
  #handleError(error: Error, family: 4 | 6): void {
    this.#sockets.get(family)?.close();
    this.#sockets.delete(family);
    for (const { endpoint, settle } of [...this.#waiters.values()])
      if (endpoint.family === family) settle(unreachable(error));
  }
}

function isFrom(endpoint: Endpoint, from: RemoteInfo): boolean {
  return (
    from.port === endpoint.port &&
    (from.address === endpoint.ip || sameIp(from.address, endpoint.ip))
  );
}

/** The same address may be written in several ways, and with a zone behind `%`. */
function sameIp(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => parseIp(text)?.join());
  return left !== undefined && left === right;
}

function unreachable(error: Error & { code?: string }): TrackerError {
  return new TrackerError('unreachable', `cannot send to the tracker (${error.code ?? 'error'})`, {
    cause: error,
  });
}
