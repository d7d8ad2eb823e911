/** Multicast over the system's UDP sockets. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { parsePeerAddress, type Subnet, toSubnets } from '@shoal/units';
import type { MulticastGroup, MulticastNetwork, MulticastSocket } from './multicast.ts';

/** As `os.networkInterfaces()` gives them: addresses by the name of the interface. */
export type ListInterfaces = () => NodeJS.Dict<readonly NetworkInterfaceInfo[]>;

/**
 * The real network.
 * @param listInterfaces - asked before each message, so that a network that comes or goes is
 * noticed; loopback is used when there is nothing else
 */
export function udpMulticast(listInterfaces: ListInterfaces = networkInterfaces): MulticastNetwork {
  return {
    open: async (group, receive) => {
      const type = group.family === 4 ? 'udp4' : 'udp6';
      const socket = createSocket({ type, reuseAddr: true, ipv6Only: group.family === 6 });
      await bind(socket, group.port);
      socket.on('message', (bytes, { address, port }) => {
        const from = parsePeerAddress(address, port);
        if (from !== undefined) receive(bytes, from);
      });
      const addresses = (): string[] => interfaceAddresses(listInterfaces(), group.family);
      return new UdpGroup(socket, group, addresses);
    },
    subnets: () => interfaceSubnets(listInterfaces()),
  };
}

/** What the system reports later is about one datagram, which may be lost as any other. */
async function bind(socket: Socket, port: number): Promise<void> {
  try {
    socket.bind(port);
    await once(socket, 'listening');
    socket.on('error', () => undefined);
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** One socket in one group on all interfaces. */
class UdpGroup implements MulticastSocket {
  readonly #socket: Socket;
  readonly #group: MulticastGroup;
  readonly #addresses: () => string[];
  readonly #joined = new Set<string>();
  #sending: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(socket: Socket, group: MulticastGroup, addresses: () => string[]) {
    this.#socket = socket;
    this.#group = group;
    this.#addresses = addresses;
    for (const address of addresses()) this.#join(address);
  }

  /** One after the other: the interface is a setting of the socket. */
  send(bytes: Uint8Array): Promise<void> {
    this.#sending = this.#sending.then(async () => {
      for (const address of this.#addresses()) {
        if (this.#isClosed) return;
        if (this.#join(address)) await this.#sendOn(address, bytes);
      }
    });
    return this.#sending;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#sending;
    this.#socket.close();
    await once(this.#socket, 'close');
  }

  /** @returns false when the interface takes no part in multicast */
  #join(address: string): boolean {
    if (this.#joined.has(address)) return true;
    try {
      this.#socket.addMembership(this.#group.host, address);
    } catch (error) {
      // EADDRINUSE: two addresses of one interface, which is in the group already.
      if (!isSystemError(error, 'EADDRINUSE')) return false;
    }
    this.#joined.add(address);
    return true;
  }

  /** An interface that went away, or has no route, loses its copy; the others get theirs. */
  async #sendOn(address: string, bytes: Uint8Array): Promise<void> {
    try {
      this.#socket.setMulticastInterface(address);
    } catch {
      this.#joined.delete(address);
      return;
    }
    const { host, port } = this.#group;
    await new Promise<void>((resolve) => this.#socket.send(bytes, port, host, () => resolve()));
  }
}

/** One address for each interface of the family; for IPv6 its name, as the system wants it. */
function interfaceAddresses(interfaces: ReturnType<ListInterfaces>, family: 4 | 6): string[] {
  const inside = new Set<string>();
  const outside = new Set<string>();
  for (const [name, infos] of Object.entries(interfaces))
    for (const { family: kind, address, internal } of infos ?? [])
      if (kind === `IPv${family}`)
        (internal ? inside : outside).add(family === 4 ? address : `::%${name}`);
  return [...(outside.size > 0 ? outside : inside)];
}

function interfaceSubnets(interfaces: ReturnType<ListInterfaces>): Subnet[] {
  return Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .flatMap(({ cidr }) => (cidr === null ? [] : toSubnets(cidr)));
}

function isSystemError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
