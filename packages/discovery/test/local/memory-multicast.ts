/** A neighbourhood in memory: what one sends to a group all in it get, the sender too. */
import { type PeerAddress, type Subnet, toSubnets } from '@shoal/units';
import type { MulticastGroup, MulticastNetwork, MulticastSocket } from '../../src/index.ts';

type Receive = (bytes: Uint8Array, from: PeerAddress) => void;

export class MemoryMulticast {
  readonly #members = new Set<{ group: string; receive: Receive }>();
  /** Everything that was sent, as text. */
  readonly sent: string[] = [];

  /** A host in the neighbourhood. `families` it has no use of cannot be opened. */
  host(
    addresses: { readonly [family in 4 | 6]?: string },
    subnets: Subnet[] = [],
  ): MulticastNetwork {
    return {
      open: async (group, receive) => this.#open(group, addresses[group.family], receive),
      subnets: () => subnets,
    };
  }

  /** Sends as someone whom nobody invited. */
  inject(group: MulticastGroup, text: string, host: string): void {
    const family = host.includes(':') ? 6 : 4;
    this.#deliver(group, new TextEncoder().encode(text), { host, port: 6771, family });
  }

  #open(group: MulticastGroup, host: string | undefined, receive: Receive): MulticastSocket {
    if (host === undefined) throw new Error(`EAFNOSUPPORT: no IPv${group.family}`);
    const member = { group: group.host, receive };
    this.#members.add(member);
    return {
      send: async (bytes) => {
        this.sent.push(new TextDecoder().decode(bytes));
        this.#deliver(group, bytes, { host, port: group.port, family: group.family });
      },
      close: async () => void this.#members.delete(member),
    };
  }

  #deliver(group: MulticastGroup, bytes: Uint8Array, from: PeerAddress): void {
    for (const member of [...this.#members])
      if (member.group === group.host) queueMicrotask(() => member.receive(bytes.slice(), from));
  }
}

/** Networks of a host, as `10.0.0.0/8`. */
export function subnetsOf(...cidrs: string[]): Subnet[] {
  return cidrs.flatMap(toSubnets);
}
