/** Which message may be sent when, for both directions of a session. */
import type { MessageType } from './message.ts';

/** What both handshakes must have agreed on. */
type Agreement = 'fast' | 'extended';

interface Move {
  readonly needs: Agreement | undefined;
  /**
   * The opening lasts from the handshake to the first message that ends it; `bitfield`, `have-all`
   * and `have-none` are legal only there, and so at most once.
   */
  readonly opening: 'only-here' | 'ends-it' | 'leaves-it';
}

const ANY_TIME = { needs: undefined, opening: 'ends-it' } as const;
const WITH_FAST = { needs: 'fast', opening: 'ends-it' } as const;

/** Flags, blocks and indexes are checked where they are known, in the session. */
const LEGAL_MOVES: Record<MessageType, Move> = {
  'keep-alive': { needs: undefined, opening: 'leaves-it' },
  choke: ANY_TIME,
  unchoke: ANY_TIME,
  interested: ANY_TIME,
  'not-interested': ANY_TIME,
  have: ANY_TIME,
  bitfield: { needs: undefined, opening: 'only-here' },
  request: ANY_TIME,
  piece: ANY_TIME,
  cancel: ANY_TIME,
  port: { needs: undefined, opening: 'leaves-it' },
  suggest: WITH_FAST,
  'have-all': { needs: 'fast', opening: 'only-here' },
  'have-none': { needs: 'fast', opening: 'only-here' },
  reject: WITH_FAST,
  'allowed-fast': WITH_FAST,
  extended: { needs: 'extended', opening: 'leaves-it' },
  unknown: { needs: undefined, opening: 'leaves-it' },
};

/** Why a move is illegal; the names are codes of WireError. */
export type Fault = 'fast-not-agreed' | 'extended-not-agreed' | 'bitfield-late';

/** One direction of a session: follows its messages and names the first illegal one. */
export class MoveChecker {
  readonly #agreed: Readonly<Record<Agreement, boolean>>;
  #isOpening = true;

  constructor(agreed: Readonly<Record<Agreement, boolean>>) {
    this.#agreed = agreed;
  }

  /** Makes a move. @returns undefined when it is legal */
  fault(type: MessageType): Fault | undefined {
    const move = LEGAL_MOVES[type];
    if (move.needs !== undefined && !this.#agreed[move.needs]) return `${move.needs}-not-agreed`;
    if (move.opening === 'only-here' && !this.#isOpening) return 'bitfield-late';
    if (move.opening !== 'leaves-it') this.#isOpening = false;
    return undefined;
  }
}
