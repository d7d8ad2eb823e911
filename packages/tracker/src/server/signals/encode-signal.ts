/** Writes signals; layout in signal.ts. Pure. */
import type { WebSocketOffer } from '../../protocol/websocket-request.ts';
import {
  AT_ORIGIN,
  SIGNAL_HEADER_LENGTH,
  SIGNAL_TYPES,
  SIGNAL_VERSION,
  type Signal,
  SWARM_NEWS_LENGTH,
  type SwarmNews,
} from './signal.ts';

/** @param origin - who says it, in hex */
export function encodeSignal(origin: string, signal: Signal): Uint8Array {
  const header = Buffer.alloc(SIGNAL_HEADER_LENGTH);
  header[0] = SIGNAL_VERSION;
  header[1] = SIGNAL_TYPES.indexOf(signal.type);
  header.write(origin, AT_ORIGIN, 'hex');
  return Buffer.concat([header, ...partsOf(signal)]);
}

function partsOf(signal: Signal): readonly Uint8Array[] {
  switch (signal.type) {
    case 'counts':
      return signal.swarms.map(newsOf);
    case 'offers': {
      const { infoHash, peerId, isSeeder, offers } = signal;
      return [infoHash, peerId, Uint8Array.of(isSeeder ? 1 : 0), ...offers.flatMap(textsOf)];
    }
    case 'answer':
      return [signal.infoHash, signal.peerId, signal.toPeerId, ...textsOf(signal)];
    default:
      return [];
  }
}

function newsOf({ infoHash, seederCount, leecherCount, completedCount }: SwarmNews): Uint8Array {
  const entry = Buffer.alloc(SWARM_NEWS_LENGTH);
  entry.set(infoHash);
  entry.writeUInt32BE(seederCount, 20);
  entry.writeUInt32BE(leecherCount, 24);
  entry.writeUInt32BE(completedCount, 28);
  return entry;
}

/** At most 64 and 16,384 characters, of three bytes at most: their lengths fit. */
function textsOf({ offerId, sdp }: WebSocketOffer): readonly Uint8Array[] {
  const [name, description] = [Buffer.from(offerId), Buffer.from(sdp)];
  const lengths = Buffer.alloc(2);
  lengths.writeUInt16BE(description.length);
  return [Uint8Array.of(name.length), name, lengths, description];
}
