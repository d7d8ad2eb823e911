/** Reads signals; layout in signal.ts. Pure. */
import { type InfoHash, idToHex, type PeerId } from '@shoal/units';
import { MAX_OFFER_COUNT, type WebSocketOffer } from '../../protocol/websocket-request.ts';
import { ExchangeError } from '../exchange/exchange-error.ts';
import {
  AT_ORIGIN,
  MAX_SIGNAL_LENGTH,
  SIGNAL_HEADER_LENGTH,
  SIGNAL_TYPES,
  SIGNAL_VERSION,
  type Signal,
  SWARM_NEWS_LENGTH,
  type SwarmNews,
} from './signal.ts';

/** @throws ExchangeError `bad-signal` */
export function decodeSignal(bytes: Uint8Array): { origin: string; signal: Signal } {
  if (bytes.length > MAX_SIGNAL_LENGTH)
    throw badSignal(`${bytes.length} bytes, limit ${MAX_SIGNAL_LENGTH}`);
  const reader = new Reader(bytes);
  const [version = -1, type = -1] = reader.take(AT_ORIGIN);
  if (version !== SIGNAL_VERSION) throw badSignal(`version ${version}, not ${SIGNAL_VERSION}`);
  const origin = idToHex(reader.take(SIGNAL_HEADER_LENGTH - AT_ORIGIN));
  const signal = readSignal(reader, type);
  if (reader.left > 0) throw badSignal(`${reader.left} bytes too many`);
  return { origin, signal };
}

function readSignal(reader: Reader, index: number): Signal {
  const type = SIGNAL_TYPES[index];
  switch (type) {
    case undefined:
      throw badSignal(`type ${index}`);
    case 'counts':
      return { type, swarms: readCounts(reader) };
    case 'offers':
      return {
        type,
        infoHash: reader.takeId<InfoHash>(),
        peerId: reader.takeId<PeerId>(),
        isSeeder: reader.takeNumber(1) !== 0,
        offers: readOffers(reader),
      };
    case 'answer':
      return {
        type,
        infoHash: reader.takeId<InfoHash>(),
        peerId: reader.takeId<PeerId>(),
        toPeerId: reader.takeId<PeerId>(),
        ...readOffer(reader),
      };
    default:
      return { type };
  }
}

function readCounts(reader: Reader): SwarmNews[] {
  const swarms: SwarmNews[] = [];
  while (reader.left >= SWARM_NEWS_LENGTH)
    swarms.push({
      infoHash: reader.takeId<InfoHash>(),
      seederCount: reader.takeNumber(4),
      leecherCount: reader.takeNumber(4),
      completedCount: reader.takeNumber(4),
    });
  return swarms;
}

function readOffers(reader: Reader): WebSocketOffer[] {
  const offers: WebSocketOffer[] = [];
  while (reader.left > 0 && offers.length < MAX_OFFER_COUNT) offers.push(readOffer(reader));
  return offers;
}

function readOffer(reader: Reader): WebSocketOffer {
  return { offerId: reader.takeText(1), sdp: reader.takeText(2) };
}

/** Goes through the bytes and past no end. What it hands out are copies. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw badSignal(`cut off at ${this.#bytes.length} bytes`);
    this.#at += length;
    return Uint8Array.from(this.#bytes.subarray(this.#at - length, this.#at));
  }

  takeId<Id extends InfoHash | PeerId>(): Id {
    return this.take(20) as Id;
  }

  takeNumber(length: number): number {
    return this.take(length).reduce((number, byte) => 256 * number + byte, 0);
  }

  takeText(widthOfLength: 1 | 2): string {
    return Buffer.from(this.take(this.takeNumber(widthOfLength))).toString();
  }
}

function badSignal(what: string): ExchangeError {
  return new ExchangeError('bad-signal', `signal of another process: ${what}`);
}
