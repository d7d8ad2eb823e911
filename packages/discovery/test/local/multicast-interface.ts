/** Finds an interface over which this machine can reach itself by multicast. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { ListInterfaces, MulticastGroup } from '../../src/index.ts';

/** A group on a port that was free, and the one interface to use. */
export interface MulticastPlace {
  readonly group: MulticastGroup;
  readonly list: ListInterfaces;
  /** Lets go of the port, which it held for the test. */
  release(): Promise<void>;
}

/** @returns undefined when no interface takes part in multicast: IPv6 does not on loopback in Linux */
export async function multicastPlace(
  family: 4 | 6,
  host: string,
): Promise<MulticastPlace | undefined> {
  const socket = createSocket({ type: family === 4 ? 'udp4' : 'udp6', reuseAddr: true });
  socket.on('error', () => undefined);
  const interfaces = Object.entries(networkInterfaces()).sort(
    ([, a], [, b]) => Number(b?.[0]?.internal) - Number(a?.[0]?.internal),
  );
  const release = async (): Promise<void> => {
    socket.close();
    await once(socket, 'close');
  };
  try {
    socket.bind(0);
    await once(socket, 'listening');
    const group = { family, host, port: socket.address().port };
    for (const [name, infos] of interfaces) {
      const address = infos?.find((info) => info.family === `IPv${family}`)?.address;
      if (address === undefined) continue;
      if (!(await canSend(socket, group, family === 4 ? address : `::%${name}`))) continue;
      return { group, list: () => ({ [name]: infos }), release };
    }
  } catch {
    // No such family here: told by undefined below.
  }
  await release();
  return undefined;
}

async function canSend(socket: Socket, group: MulticastGroup, address: string): Promise<boolean> {
  try {
    socket.setMulticastInterface(address);
  } catch {
    return false;
  }
  return new Promise((resolve) => {
    socket.send('?', group.port, group.host, (error) => resolve(error === null));
  });
}
