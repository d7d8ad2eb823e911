/** The requests of the UDP tracker protocol as bytes, both ways. Pure. BEP 15, options of BEP 41. */
import { type InfoHash, toInfoHash, toPeerId } from '@shoal/units';
import type { AnnounceEvent, AnnounceRequest } from './announce.ts';
import { TrackerError } from './tracker-error.ts';
import {
  ACTION_ANNOUNCE,
  ACTION_CONNECT,
  ACTION_SCRAPE,
  ANNOUNCE_REQUEST_LENGTH,
  AT_ACTION,
  AT_DOWNLOADED,
  AT_EVENT,
  AT_INFO_HASH,
  AT_KEY,
  AT_LEFT,
  AT_NUM_WANT,
  AT_PEER_ID,
  AT_PORT,
  AT_TRANSACTION_ID,
  AT_UPLOADED,
  EVENT_CODES,
  MAX_UDP_SCRAPE_COUNT,
  PROTOCOL_ID_HIGH,
  PROTOCOL_ID_LOW,
  REQUEST_HEADER_LENGTH,
} from './udp-layout.ts';
import { decodeUrlData, encodeUrlData } from './udp-url-data.ts';

/** A datagram from a client. Transaction ids are 32 bits, connection ids 64. */
export type UdpRequest =
  | { readonly type: 'connect'; readonly transactionId: number }
  | {
      readonly type: 'announce';
      readonly connectionId: bigint;
      readonly transactionId: number;
      readonly announce: AnnounceRequest;
      /** Path and query of the tracker's URL, when it has any. BEP 41. */
      readonly urlData?: string;
    }
  | {
      readonly type: 'scrape';
      readonly connectionId: bigint;
      readonly transactionId: number;
      /** 1..74 of them. */
      readonly infoHashes: readonly InfoHash[];
    };

/** Writes a request. The announce carries no address: a tracker takes the packet's own. */
export function encodeUdpRequest(request: UdpRequest): Uint8Array {
  switch (request.type) {
    case 'connect': {
      const packet = new Uint8Array(REQUEST_HEADER_LENGTH);
      const view = viewOf(packet);
      view.setUint32(0, PROTOCOL_ID_HIGH);
      view.setUint32(4, PROTOCOL_ID_LOW);
      view.setUint32(AT_ACTION, ACTION_CONNECT);
      view.setUint32(AT_TRANSACTION_ID, request.transactionId);
      return packet;
    }
    case 'announce':
      return encodeAnnounce(request);
    case 'scrape': {
      const packet = new Uint8Array(REQUEST_HEADER_LENGTH + 20 * request.infoHashes.length);
      writeHeader(viewOf(packet), request.connectionId, ACTION_SCRAPE, request.transactionId);
      for (const [index, infoHash] of request.infoHashes.entries())
        packet.set(infoHash, AT_INFO_HASH + 20 * index);
      return packet;
    }
  }
}

/**
 * Reads a datagram from a client; ids are copied out of it. Longer packets than needed are fine
 * (BEP 15), but for a scrape.
 *
 * @throws TrackerError `short-packet` under 16 bytes or 98 for an announce; `bad-packet` for a
 * connect without the protocol id, an unknown action, a scrape of no, broken or over 74 infohashes
 */
export function decodeUdpRequest(packet: Uint8Array): UdpRequest {
  demandLength(packet, REQUEST_HEADER_LENGTH);
  const view = viewOf(packet);
  const action = view.getUint32(AT_ACTION);
  const transactionId = view.getUint32(AT_TRANSACTION_ID);
  if (action === ACTION_CONNECT) {
    if (view.getUint32(0) !== PROTOCOL_ID_HIGH || view.getUint32(4) !== PROTOCOL_ID_LOW)
      throw new TrackerError('bad-packet', 'a connect request without the protocol id');
    return { type: 'connect', transactionId };
  }
  const connectionId = view.getBigUint64(0);
  if (action === ACTION_ANNOUNCE) {
    const urlData = decodeUrlData(packet);
    return {
      type: 'announce',
      connectionId,
      transactionId,
      announce: decodeAnnounce(packet, view),
      ...(urlData === undefined ? {} : { urlData }),
    };
  }
  if (action === ACTION_SCRAPE)
    return { type: 'scrape', connectionId, transactionId, infoHashes: decodeInfoHashes(packet) };
  throw new TrackerError('bad-packet', `a request with action ${action}`);
}

function encodeAnnounce(request: UdpRequest & { type: 'announce' }): Uint8Array {
  const { announce } = request;
  const options = encodeUrlData(request.urlData ?? '');
  const packet = new Uint8Array(ANNOUNCE_REQUEST_LENGTH + options.length);
  const view = viewOf(packet);
  writeHeader(view, request.connectionId, ACTION_ANNOUNCE, request.transactionId);
  packet.set(announce.infoHash, AT_INFO_HASH);
  packet.set(announce.peerId, AT_PEER_ID);
  view.setBigUint64(AT_DOWNLOADED, BigInt(announce.downloaded));
  view.setBigUint64(AT_LEFT, BigInt(announce.left));
  view.setBigUint64(AT_UPLOADED, BigInt(announce.uploaded));
  view.setUint32(AT_EVENT, announce.event === undefined ? 0 : EVENT_CODES[announce.event]);
  view.setUint32(AT_KEY, announce.key);
  view.setInt32(AT_NUM_WANT, announce.numWant);
  view.setUint16(AT_PORT, announce.port);
  packet.set(options, ANNOUNCE_REQUEST_LENGTH);
  return packet;
}

/** Counts past 2^53 are taken as 2^53 - 1: they are only ever shown. */
function decodeAnnounce(packet: Uint8Array, view: DataView): AnnounceRequest {
  demandLength(packet, ANNOUNCE_REQUEST_LENGTH);
  const event = eventOf(view.getUint32(AT_EVENT));
  return {
    infoHash: toInfoHash(copy(packet, AT_INFO_HASH))!,
    peerId: toPeerId(copy(packet, AT_PEER_ID))!,
    port: view.getUint16(AT_PORT),
    downloaded: count64(view, AT_DOWNLOADED),
    left: count64(view, AT_LEFT),
    uploaded: count64(view, AT_UPLOADED),
    ...(event === undefined ? {} : { event }),
    numWant: view.getInt32(AT_NUM_WANT),
    key: view.getUint32(AT_KEY),
  };
}

function decodeInfoHashes(packet: Uint8Array): InfoHash[] {
  const length = packet.length - AT_INFO_HASH;
  const count = length / 20;
  if (length === 0 || !Number.isInteger(count) || count > MAX_UDP_SCRAPE_COUNT)
    throw new TrackerError(
      'bad-packet',
      `a scrape of ${length} bytes, not 20 for each of 1 to ${MAX_UDP_SCRAPE_COUNT} infohashes`,
    );
  return Array.from(
    { length: count },
    (_, index) => toInfoHash(copy(packet, AT_INFO_HASH + 20 * index))!,
  );
}

/** The 20 bytes of an id; `slice` would not copy them out of a Buffer. */
function copy(packet: Uint8Array, at: number): Uint8Array {
  return new Uint8Array(packet.subarray(at, at + 20));
}

function eventOf(code: number): AnnounceEvent | undefined {
  for (const event of Object.keys(EVENT_CODES) as AnnounceEvent[])
    if (EVENT_CODES[event] === code) return event;
  return undefined;
}

function count64(view: DataView, at: number): number {
  const count = view.getUint32(at) * 2 ** 32 + view.getUint32(at + 4);
  return Math.min(count, Number.MAX_SAFE_INTEGER);
}

function writeHeader(view: DataView, connectionId: bigint, action: number, id: number): void {
  view.setBigUint64(0, connectionId);
  view.setUint32(AT_ACTION, action);
  view.setUint32(AT_TRANSACTION_ID, id);
}

function demandLength(packet: Uint8Array, length: number): void {
  if (packet.length < length)
    throw new TrackerError('short-packet', `a packet of ${packet.length} bytes, not ${length}`);
}

function viewOf(packet: Uint8Array): DataView {
  return new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
}
