/** A line with a round trip: relays TCP connections on loopback, every byte later than it came. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Bytes that may be under way in one direction; more than any peer asks for. */
const UNDER_WAY_LIMIT = 256 * 1024 * 1024;

export class DelayRelay {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, targetPort: number, delayMs: number) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (near) => {
      const far = connect({ port: targetPort, host: '127.0.0.1', noDelay: true });
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => this.#sockets.delete(socket));
      }
      carry(near, far, delayMs);
      carry(far, near, delayMs);
    });
  }

  static async open(targetPort: number, roundTripMs: number): Promise<DelayRelay> {
    const server = createServer({ noDelay: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new DelayRelay(server, targetPort, roundTripMs / 2);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** One direction of a connection. */
function carry(from: Socket, to: Socket, delayMs: number): void {
  const underWay: { bytes: Uint8Array; dueAtMs: number }[] = [];
  let length = 0;
  let isTimed = false;
  const deliver = (): void => {
    const nowMs = performance.now();
    while (underWay[0] && underWay[0].dueAtMs <= nowMs) {
      const { bytes } = underWay.shift()!;
      length -= bytes.length;
      to.write(bytes);
    }
    if (length < UNDER_WAY_LIMIT) from.resume();
    isTimed = underWay[0] !== undefined;
    if (underWay[0]) setTimeout(deliver, underWay[0].dueAtMs - nowMs);
  };
  from.on('data', (bytes: Uint8Array) => {
    underWay.push({ bytes, dueAtMs: performance.now() + delayMs });
    length += bytes.length;
    if (length >= UNDER_WAY_LIMIT) from.pause();
    if (isTimed) return;
    isTimed = true;
    setTimeout(deliver, delayMs);
  });
  from.on('close', () => setTimeout(() => to.destroy(), delayMs));
}
