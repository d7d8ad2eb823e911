/** The real network: TCP through node:net. */
import net from 'node:net';
import {
  type Dial,
  type Listener,
  type Network,
  type PeerAddress,
  parsePeerAddress,
  type Transport,
} from '@shoal/units';
import { TcpTransport } from './tcp-transport.ts';

/** The kernel probes a connection that was silent for a minute. */
const SOCKET_OPTIONS = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 };

/**
 * One buffer for all dialled sockets: the kernel copies into it and the sink is called before the
 * next read, so that receiving allocates nothing.
 */
const receiveBuffer = new Uint8Array(256 * 1024);

/** Hosts are IP addresses; names are for those who resolve them. */
export const tcpNetwork: Network = { dial, listen };

/** @throws (rejects) the system's error, ETIMEDOUT after `timeoutMs`, or the signal's reason */
function dial(address: PeerAddress, { timeoutMs, signal }: Dial): Promise<Transport> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    let transport: TcpTransport | undefined;
    const socket = net.connect({
      ...SOCKET_OPTIONS,
      host: address.host,
      port: address.port,
      onread: {
        buffer: receiveBuffer,
        callback(length) {
          transport!.receive(receiveBuffer, length);
          return true;
        },
      },
    });
    socket.pause();
    const fail = (error: Error): void => {
      settle();
      socket.destroy();
      reject(error);
    };
    const abort = (): void => fail(signal!.reason);
    const timeout = setTimeout(() => fail(timeoutError(address, timeoutMs)), timeoutMs);
    const settle = (): void => {
      clearTimeout(timeout);
      signal?.removeEventListener('abort', abort);
    };
    signal?.addEventListener('abort', abort);
    // Stays on a socket that failed: an error may be on its way while we give up for another reason.
    socket.on('error', fail);
    socket.once('connect', () => {
      settle();
      const local = addressOf(socket.localAddress, socket.localPort);
      if (local === undefined) return fail(new Error(`lost ${address.host} while connecting`));
      transport = new TcpTransport(socket, { remote: address, local, incoming: false });
      socket.off('error', fail);
      resolve(transport);
    });
  });
}

/** @throws (rejects) the system's error: EADDRINUSE, EACCES, EADDRNOTAVAIL … */
async function listen(
  port: number,
  host: string | undefined,
  accept: (transport: Transport) => void,
): Promise<Listener> {
  const server = net.createServer({ ...SOCKET_OPTIONS, pauseOnConnect: true }, (socket) => {
    const remote = addressOf(socket.remoteAddress, socket.remotePort);
    const local = addressOf(socket.localAddress, socket.localPort);
    // Reset while it waited in the backlog: there is no one to talk to.
    if (remote === undefined || local === undefined) return void socket.destroy();
    const transport = new TcpTransport(socket, { remote, local, incoming: true });
    // A plain Uint8Array, because `slice` of a Buffer makes no copy.
    socket.on('data', ({ buffer, byteOffset, length }: Buffer) =>
      transport.receive(new Uint8Array(buffer, byteOffset, length), length),
    );
    accept(transport);
  });
  try {
    await bind(server, port, host ?? '::');
  } catch (error) {
    if (host !== undefined || !isWithoutIpv6(error)) throw error;
    await bind(server, port, '0.0.0.0');
  }
  server.on('error', ignoreLostConnection);
  const bound = server.address() as net.AddressInfo;
  return {
    address: addressOf(bound.address, bound.port)!,
    async close() {
      server.close();
    },
  };
}

/** One connection could not be accepted (no file handle is left, say); the next one may be. */
function ignoreLostConnection(): void {}

function bind(server: net.Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function isWithoutIpv6(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL';
}

/** IPv4-mapped IPv6 becomes IPv4. */
function addressOf(host: string | undefined, port: number | undefined): PeerAddress | undefined {
  return port === undefined ? undefined : parsePeerAddress(host ?? '', port);
}

function timeoutError(address: PeerAddress, timeoutMs: number): Error {
  const message = `${address.host} did not answer within ${timeoutMs} ms`;
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' });
}
