/** What a peer said about pieces before we had the metadata to check it with. BEP 9. */
import { Bitfield } from '@shoal/units';
import type { Announcement } from './announcement.ts';
import { WireError } from './wire-error.ts';

/** Advice about one piece. BEP 6. */
export interface Advice {
  readonly type: 'suggest' | 'allowed-fast';
  readonly pieceIndex: number;
}

/** More advice than this is dropped: it is only advice. */
const MAX_ADVICE = 64;

/** Keeps announcements and advice, unchecked and in bounded memory, until the layout is known. */
export class EarlyPieces {
  readonly #pieceCountLimit: number;
  readonly #advice: Advice[] = [];
  #haves: Bitfield | undefined;

  /** What the peer opened with, or summed up later, if it has. */
  announcement: Announcement | undefined;

  constructor(pieceCountLimit: number) {
    this.#pieceCountLimit = pieceCountLimit;
  }

  /** @throws WireError `no-such-piece` for an index that no torrent we would take has */
  addHave(pieceIndex: number): void {
    const limit = this.#pieceCountLimit;
    if (pieceIndex >= limit) {
      const details = { got: pieceIndex, limit };
      throw new WireError('no-such-piece', `piece ${pieceIndex}, limit ${limit} pieces`, details);
    }
    this.#haves ??= new Bitfield(limit);
    this.#haves.add(pieceIndex);
  }

  addAdvice(advice: Advice): void {
    if (this.#advice.length < MAX_ADVICE) this.#advice.push(advice);
  }

  /** The pieces of `have` messages, ascending. */
  haves(): Iterable<number> {
    return this.#haves?.indexes() ?? [];
  }

  advice(): readonly Advice[] {
    return this.#advice;
  }
}
