/** The responses of the UDP tracker protocol as bytes, both ways. Pure. BEP 15. */
import { decodeCompactPeers, encodeCompactPeer, type PeerAddress } from '@shoal/units';
import type { ScrapeCounts } from './announce.ts';
import { cleanText } from './clean-text.ts';
import { TrackerError } from './tracker-error.ts';
import {
  ACTION_ANNOUNCE,
  ACTION_CONNECT,
  ACTION_ERROR,
  ACTION_SCRAPE,
  ANNOUNCE_RESPONSE_LENGTH,
  CONNECT_RESPONSE_LENGTH,
  PEER_LENGTH_V4,
  PEER_LENGTH_V6,
  RESPONSE_HEADER_LENGTH,
  SCRAPE_ENTRY_LENGTH,
} from './udp-layout.ts';

/** A datagram from a tracker. */
export type UdpResponse =
  | { readonly type: 'connect'; readonly transactionId: number; readonly connectionId: bigint }
  | {
      readonly type: 'announce';
      readonly transactionId: number;
      readonly intervalS: number;
      readonly leecherCount: number;
      readonly seederCount: number;
      /** In the tracker's order, all of the family that the packet came over. */
      readonly peers: readonly PeerAddress[];
    }
  | {
      readonly type: 'scrape';
      readonly transactionId: number;
      /** In the order in which the infohashes were asked for. */
      readonly counts: readonly ScrapeCounts[];
    }
  | { readonly type: 'error'; readonly transactionId: number; readonly message: string };

/** Writes a response; the peers must all be of one family. */
export function encodeUdpResponse(response: UdpResponse): Uint8Array {
  const { transactionId } = response;
  switch (response.type) {
    case 'connect': {
      const packet = header(ACTION_CONNECT, transactionId, CONNECT_RESPONSE_LENGTH);
      viewOf(packet).setBigUint64(8, response.connectionId);
      return packet;
    }
    case 'announce': {
      const peers = response.peers.map(encodeCompactPeer);
      const length = peers.reduce((sum, peer) => sum + peer.length, ANNOUNCE_RESPONSE_LENGTH);
      const packet = header(ACTION_ANNOUNCE, transactionId, length);
      const view = viewOf(packet);
      view.setUint32(8, response.intervalS);
      view.setUint32(12, response.leecherCount);
      view.setUint32(16, response.seederCount);
      let at = ANNOUNCE_RESPONSE_LENGTH;
      for (const peer of peers) {
        packet.set(peer, at);
        at += peer.length;
      }
      return packet;
    }
    case 'scrape': {
      const length = RESPONSE_HEADER_LENGTH + SCRAPE_ENTRY_LENGTH * response.counts.length;
      const packet = header(ACTION_SCRAPE, transactionId, length);
      const view = viewOf(packet);
      let at = RESPONSE_HEADER_LENGTH;
      for (const counts of response.counts) {
        view.setUint32(at, counts.seederCount);
        view.setUint32(at + 4, counts.completedCount);
        view.setUint32(at + 8, counts.leecherCount);
        at += SCRAPE_ENTRY_LENGTH;
      }
      return packet;
    }
    case 'error': {
      const message = new TextEncoder().encode(response.message);
      const packet = header(ACTION_ERROR, transactionId, RESPONSE_HEADER_LENGTH + message.length);
      packet.set(message, RESPONSE_HEADER_LENGTH);
      return packet;
    }
  }
}

/**
 * Reads a datagram from a tracker; peers are copied out of it.
 *
 * @param packet - the whole datagram
 * @param family - of the address it came from: the width of its peers
 * @throws TrackerError `short-packet` under the length its action needs, `ragged-peers` if the
 * peers are no multiple of 6 or 18 bytes, `bad-response` for an unknown action or a cut scrape
 */
export function decodeUdpResponse(packet: Uint8Array, family: 4 | 6): UdpResponse {
  demandLength(packet, RESPONSE_HEADER_LENGTH);
  const view = viewOf(packet);
  const action = view.getUint32(0);
  const transactionId = view.getUint32(4);
  switch (action) {
    case ACTION_CONNECT:
      demandLength(packet, CONNECT_RESPONSE_LENGTH);
      return { type: 'connect', transactionId, connectionId: view.getBigUint64(8) };
    case ACTION_ANNOUNCE:
      demandLength(packet, ANNOUNCE_RESPONSE_LENGTH);
      return {
        type: 'announce',
        transactionId,
        intervalS: view.getUint32(8),
        leecherCount: view.getUint32(12),
        seederCount: view.getUint32(16),
        peers: decodePeers(packet.subarray(ANNOUNCE_RESPONSE_LENGTH), family),
      };
    case ACTION_SCRAPE:
      return { type: 'scrape', transactionId, counts: decodeCounts(packet, view) };
    case ACTION_ERROR: {
      const message = new TextDecoder().decode(packet.subarray(RESPONSE_HEADER_LENGTH));
      return { type: 'error', transactionId, message: cleanText(message) };
    }
    default:
      throw new TrackerError('bad-response', `a response with action ${action}`);
  }
}

function decodePeers(bytes: Uint8Array, family: 4 | 6): PeerAddress[] {
  const peers = decodeCompactPeers(bytes, family);
  if (peers !== undefined) return peers;
  const width = family === 4 ? PEER_LENGTH_V4 : PEER_LENGTH_V6;
  throw new TrackerError('ragged-peers', `peers of ${bytes.length} bytes, no multiple of ${width}`);
}

function decodeCounts(packet: Uint8Array, view: DataView): ScrapeCounts[] {
  const count = (packet.length - RESPONSE_HEADER_LENGTH) / SCRAPE_ENTRY_LENGTH;
  if (!Number.isInteger(count))
    throw new TrackerError('bad-response', `a scrape response of ${packet.length} bytes`);
  return Array.from({ length: count }, (_, index) => {
    const at = RESPONSE_HEADER_LENGTH + SCRAPE_ENTRY_LENGTH * index;
    return {
      seederCount: view.getUint32(at),
      completedCount: view.getUint32(at + 4),
      leecherCount: view.getUint32(at + 8),
    };
  });
}

function header(action: number, transactionId: number, length: number): Uint8Array {
  const packet = new Uint8Array(length);
  const view = viewOf(packet);
  view.setUint32(0, action);
  view.setUint32(4, transactionId);
  return packet;
}

function demandLength(packet: Uint8Array, length: number): void {
  if (packet.length < length)
    throw new TrackerError('short-packet', `a packet of ${packet.length} bytes, not ${length}`);
}

function viewOf(packet: Uint8Array): DataView {
  return new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
}
