/** Where connections come in: the handshake of each says which torrent it is for. */
import {
  type Clock,
  type InfoHash,
  idToHex,
  type Log,
  type Random,
  type Transport,
} from '@shoal/units';
import { type Handshake, mseTorrentHash } from '@shoal/wire';
import type { EncryptionPolicy } from './encryption.ts';
import { type Established, exchangeHandshakes } from './handshake-exchange.ts';

/** Incoming handshakes that may be half open at a time; the oldest makes room. */
const HALF_OPEN_LIMIT = 256;

/** A torrent that connections may be for. */
export interface Addressee {
  /** Our answer to a handshake that asks for it. */
  readonly handshake: Handshake;
  join(established: Established, source: 'incoming'): void;
}

export interface FrontDoorOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly encryption: EncryptionPolicy;
  readonly log: Log;
}

export class FrontDoor {
  readonly #options: FrontDoorOptions;
  readonly #addressees = new Map<string, Addressee>();
  /** Torrents by the hash that an encrypted handshake names them with, in hex. */
  readonly #obfuscated = new Map<string, InfoHash>();
  /** What gives up each handshake that is under way, the oldest first. */
  readonly #halfOpen = new Set<() => void>();

  constructor(options: FrontDoorOptions) {
    this.#options = options;
  }

  /** Lets in whoever asks for this torrent. */
  open(infoHash: InfoHash, addressee: Addressee): void {
    this.#addressees.set(idToHex(infoHash), addressee);
    this.#obfuscated.set(obfuscatedName(infoHash), infoHash);
  }

  /** The torrent is here no more. */
  shut(infoHash: InfoHash): void {
    this.#addressees.delete(idToHex(infoHash));
    this.#obfuscated.delete(obfuscatedName(infoHash));
  }

  /** A connection came in. */
  accept(transport: Transport): void {
    const { clock, random, encryption, log } = this.#options;
    if (this.#halfOpen.size >= HALF_OPEN_LIMIT) {
      const [oldest] = this.#halfOpen;
      oldest?.();
      this.#halfOpen.delete(oldest!);
    }
    const abort = exchangeHandshakes({
      transport,
      clock,
      random,
      encryption,
      findInfoHash: (torrentHash) => this.#obfuscated.get(idToHex(torrentHash)),
      answer: ({ infoHash }) => this.#addressees.get(idToHex(infoHash))?.handshake,
      done: (established) => {
        this.#halfOpen.delete(abort);
        this.#addressees.get(idToHex(established.theirs.infoHash))?.join(established, 'incoming');
      },
      failed: (reason) => {
        this.#halfOpen.delete(abort);
        log.debug('incoming handshake failed', { reason });
      },
    });
    this.#halfOpen.add(abort);
  }

  /** Gives up all handshakes that are under way. */
  close(): void {
    for (const abort of this.#halfOpen) abort();
    this.#halfOpen.clear();
  }
}

function obfuscatedName(infoHash: InfoHash): string {
  return idToHex(mseTorrentHash(infoHash));
}
