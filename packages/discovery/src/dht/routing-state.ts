/** The routing table as bytes, to be kept across restarts. Pure. */
import { BencodeError, DictReader, decode, encode } from '@shoal/bencode';
import { decodeCompactPeers, encodeCompactPeer, parseIp } from '@shoal/units';

const ID_LENGTH = 20;
const NODE_LENGTH = 26;
/** Nodes kept: enough to find back in, few enough to be read at once. */
const NODE_LIMIT = 400;

/** A node of the DHT; IPv4 alone. */
interface RoutingNode {
  /** 20 bytes. */
  readonly id: Uint8Array;
  readonly host: string;
  readonly port: number;
}

export interface RoutingState {
  /** Our own id, 20 bytes. */
  readonly nodeId: Uint8Array;
  readonly nodes: readonly RoutingNode[];
}

/** Shape: `{id: 20 bytes, nodes: 26 bytes each}`, nodes as in BEP 5 (id, IPv4, port). */
export function encodeRoutingState({ nodeId, nodes }: RoutingState): Uint8Array {
  const kept = nodes.filter(({ host }) => parseIp(host)?.length === 4).slice(0, NODE_LIMIT);
  const bytes = new Uint8Array(kept.length * NODE_LENGTH);
  for (const [n, { id, host, port }] of kept.entries()) {
    bytes.set(id, n * NODE_LENGTH);
    bytes.set(encodeCompactPeer({ host, port, family: 4 }), n * NODE_LENGTH + ID_LENGTH);
  }
  return encode({ id: nodeId, nodes: bytes });
}

/** @returns undefined for bytes that are none of ours: then the table starts empty */
export function decodeRoutingState(bytes: Uint8Array): RoutingState | undefined {
  try {
    const state = DictReader.of(decode(bytes));
    const nodeId = state.bytes('id', { length: ID_LENGTH }).slice();
    const compact = state.bytes('nodes');
    if (compact.length % NODE_LENGTH !== 0) return undefined;
    const nodes: RoutingNode[] = [];
    for (let at = 0; at < compact.length && nodes.length < NODE_LIMIT; at += NODE_LENGTH) {
      const id = compact.slice(at, at + ID_LENGTH);
      const [address] = decodeCompactPeers(compact.subarray(at + ID_LENGTH, at + NODE_LENGTH), 4)!;
      if (address !== undefined) nodes.push({ id, host: address.host, port: address.port });
    }
    return { nodeId, nodes };
  } catch (error) {
    if (error instanceof BencodeError) return undefined;
    throw error;
  }
}
