/** One UDP socket for the DHT. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { DiscoveryError } from '../discovery.ts';

/**
 * Binds an IPv4 socket.
 * @param port - tried first; 0 for any
 * @param isStrict - whether another port will not do
 * @throws DiscoveryError `port-taken` when strict, `no-network`
 */
export async function bindUdp(
  port: number,
  host: string | undefined,
  isStrict: boolean,
): Promise<Socket> {
  try {
    return await tryBind(port, host);
  } catch (error) {
    if (!isTaken(error)) throw new DiscoveryError('no-network', 'no UDP socket for the DHT', error);
    if (isStrict) throw new DiscoveryError('port-taken', `UDP port ${port} is taken`, error);
    return tryBind(0, host);
  }
}

async function tryBind(port: number, host: string | undefined): Promise<Socket> {
  const socket = createSocket('udp4');
  try {
    socket.bind(port, host);
    await once(socket, 'listening');
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
