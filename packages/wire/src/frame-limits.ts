/** How long a frame of each id may be: asked before any memory is taken for it. */
import type { PieceLayout } from '@shoal/units';
import { FIXED_FRAME_LENGTH, MAX_MESSAGE_ID, MESSAGE_ID, messageTypeOf } from './constants.ts';
import type { WireLimits } from './limits.ts';
import { WireError } from './wire-error.ts';

/** All ids that are not known share one row of the table. */
const UNKNOWN = MAX_MESSAGE_ID + 1;

/**
 * The least and the greatest frame length (bytes behind the length prefix) for each id.
 *
 * | message | least | greatest |
 * |---|---|---|
 * | of fixed shape | its length | the same |
 * | bitfield | 1 + ceil(pieces / 8) | the same; while the layout is unknown 1 and the limit on pieces |
 * | piece | 9 | 9 + blockLength |
 * | extended | 2 | 2 + extendedLength |
 * | unknown | 1 | 1 + unknownLength |
 */
export class FrameLimits {
  readonly #least = new Uint32Array(UNKNOWN + 1);
  readonly #greatest = new Uint32Array(UNKNOWN + 1);
  #greatestOfAll = 0;

  constructor(limits: WireLimits) {
    for (let id = 0; id <= UNKNOWN; id++) this.#set(id, 1, 1 + limits.unknownLength);
    for (const [type, length] of Object.entries(FIXED_FRAME_LENGTH))
      this.#set(MESSAGE_ID[type as keyof typeof FIXED_FRAME_LENGTH], length, length);
    this.#set(MESSAGE_ID.bitfield, 1, 1 + Math.ceil(limits.pieceCount / 8));
    this.#set(MESSAGE_ID.piece, 9, 9 + limits.blockLength);
    this.#set(MESSAGE_ID.extended, 2, 2 + limits.extendedLength);
    this.#greatestOfAll = Math.max(...this.#greatest);
  }

  /** From here on a bitfield must have exactly one bit for each piece. */
  setLayout(layout: PieceLayout): void {
    const length = 1 + Math.ceil(layout.pieceCount / 8);
    this.#set(MESSAGE_ID.bitfield, length, length);
    this.#greatestOfAll = Math.max(...this.#greatest);
  }

  /**
   * Checks a length prefix whose message id has not come yet.
   * @throws WireError `frame-too-long`
   */
  checkPrefix(length: number): void {
    if (length > this.#greatestOfAll) throw tooLong(length, this.#greatestOfAll);
  }

  /**
   * Checks a length prefix against the id behind it.
   * @throws WireError `frame-too-long`, `wrong-length`, `wrong-bitfield`
   */
  check(id: number, length: number): void {
    const row = Math.min(id, UNKNOWN);
    if (length > this.#greatest[row]! || length < this.#least[row]!) throw this.#fault(row, length);
  }

  #set(id: number, least: number, greatest: number): void {
    this.#least[id] = least;
    this.#greatest[id] = greatest;
  }

  #fault(row: number, length: number): WireError {
    const least = this.#least[row]!;
    const greatest = this.#greatest[row]!;
    // The same code whether the id came with the prefix or after it.
    if (length > this.#greatestOfAll) return tooLong(length, greatest);
    if (least !== greatest && length > greatest) return tooLong(length, greatest);
    const limit = length < least ? least : greatest;
    const bound = least === greatest ? 'must be' : 'at least';
    return new WireError(
      row === MESSAGE_ID.bitfield ? 'wrong-bitfield' : 'wrong-length',
      `${messageTypeOf(row) ?? 'unknown'} frame of ${length} bytes, ${bound} ${limit}`,
      { got: length, limit },
    );
  }
}

function tooLong(got: number, limit: number): WireError {
  return new WireError('frame-too-long', `frame of ${got} bytes, limit ${limit}`, { got, limit });
}
