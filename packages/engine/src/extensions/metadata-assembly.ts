/** Puts the info dict together from the pieces that peers send: data in, decisions out. BEP 9. */
import { METADATA_PIECE_LENGTH } from '@shoal/wire';

/** The longest info dict we fetch; the same limit as for a .torrent (libtorrent: 30 MiB). */
const LENGTH_LIMIT = 10_000_000;
/** Requests under way with one peer. */
const REQUESTS_PER_PEER = 2;
const REQUEST_TIMEOUT_MS = 15_000;
/** Pieces kept of all lengths that peers say: 40 MiB, four times the longest info dict. */
const HELD_LIMIT = 2_560;

interface Claim {
  readonly length: number;
  /** Piece -> when it was asked for. */
  readonly underWay: Map<number, number>;
  readonly refused: Set<number>;
  mayAskFromMs: number;
}

/** What came of one length, by piece. */
type Draft = Map<number, { readonly bytes: Uint8Array; readonly sender: number }>;

/** A request to send. */
export interface MetadataRequest {
  readonly peerKey: number;
  readonly piece: number;
}

export class MetadataAssembly {
  readonly #claims = new Map<number, Claim>();
  readonly #drafts = new Map<number, Draft>();
  /** Pieces of all drafts. */
  #heldCount = 0;
  /**
   * Lengths whose whole was bad though several peers took part: each is fetched from one peer alone,
   * so that the next bad whole has a name.
   */
  readonly #alone = new Map<number, number>();

  /** A peer says how long the info dict is; a length that cannot be is not heeded. */
  addPeer(peerKey: number, length: number): void {
    if (length < 1 || length > LENGTH_LIMIT || this.#claims.has(peerKey)) return;
    this.#claims.set(peerKey, {
      length,
      underWay: new Map(),
      refused: new Set(),
      mayAskFromMs: 0,
    });
  }

  hasPeer(peerKey: number): boolean {
    return this.#claims.has(peerKey);
  }

  removePeer(peerKey: number): void {
    const claim = this.#claims.get(peerKey);
    if (claim !== undefined) this.#passOn(claim.length, peerKey);
    this.#claims.delete(peerKey);
    if (claim !== undefined && this.#alone.get(claim.length) === peerKey)
      this.#alone.delete(claim.length);
  }

  /** What to ask for now, marked as asked. Missing pieces are spread over all peers. */
  nextRequests(nowMs: number): MetadataRequest[] {
    const requests: MetadataRequest[] = [];
    for (const [peerKey, claim] of this.#claims) {
      for (const [piece, askedAtMs] of claim.underWay)
        if (nowMs - askedAtMs > REQUEST_TIMEOUT_MS) {
          claim.underWay.delete(piece);
          this.#passOn(claim.length, peerKey);
        }
      if (nowMs < claim.mayAskFromMs || !this.#mayServe(peerKey, claim)) continue;
      while (claim.underWay.size < REQUESTS_PER_PEER) {
        const piece = this.#pickPiece(claim);
        if (piece === undefined) break;
        claim.underWay.set(piece, nowMs);
        requests.push({ peerKey, piece });
      }
    }
    return requests;
  }

  /** The peer has no metadata or will not give this piece: it is left alone for a while. */
  handleReject(peerKey: number, piece: number, nowMs: number): void {
    const claim = this.#claims.get(peerKey);
    if (claim === undefined || !claim.underWay.delete(piece)) return;
    claim.mayAskFromMs = nowMs + REQUEST_TIMEOUT_MS;
    this.#passOn(claim.length, peerKey);
  }

  /**
   * Takes a copy of a piece in; one that was not asked for, or of another length, is dropped.
   * @returns the whole info dict, not yet checked, when this was its last piece
   */
  handleData(
    peerKey: number,
    piece: number,
    totalLength: number,
    bytes: Uint8Array,
  ): Uint8Array | undefined {
    const claim = this.#claims.get(peerKey);
    if (claim === undefined || claim.length !== totalLength) return undefined;
    if (!claim.underWay.delete(piece) || !this.#mayServe(peerKey, claim)) return undefined;
    const draft: Draft = this.#drafts.get(totalLength) ?? new Map();
    if (draft.has(piece)) return undefined;
    this.#drafts.set(totalLength, draft.set(piece, { bytes: bytes.slice(), sender: peerKey }));
    this.#heldCount++;
    if (draft.size === pieceCountOf(totalLength)) return joined(draft, totalLength);
    if (this.#heldCount > HELD_LIMIT) this.#dropDearest();
    return undefined;
  }

  /**
   * The whole of this length did not hash to the infohash: begins it anew.
   * @returns who took part; a lone sender is guilty
   */
  handleBad(length: number): number[] {
    const pieces = this.#drafts.get(length)?.values() ?? [];
    const keys = [...new Set([...pieces].map(({ sender }) => sender))];
    this.#drop(length);
    if (keys.length > 1) this.#alone.set(length, keys[0]!);
    else this.#passOn(length, keys[0] ?? -1);
    return keys;
  }

  /** 0..1 of the draft that is furthest. */
  get progress(): number {
    let best = 0;
    for (const [length, draft] of this.#drafts)
      best = Math.max(best, draft.size / pieceCountOf(length));
    return best;
  }

  /** Whether this peer is asked now: any, or only the one that is tried alone. */
  #mayServe(peerKey: number, { length }: Claim): boolean {
    const alone = this.#alone.get(length);
    return alone === undefined || alone === peerKey;
  }

  /** The peer that was tried alone is of no use: its part is dropped, and the next one is tried. */
  #passOn(length: number, peerKey: number): void {
    if (this.#alone.get(length) !== peerKey) return;
    this.#drop(length);
    const keys = [...this.#claims]
      .filter(([, claim]) => claim.length === length)
      .map(([key]) => key);
    const next = keys[(keys.indexOf(peerKey) + 1) % Math.max(1, keys.length)];
    if (next === undefined) this.#alone.delete(length);
    else this.#alone.set(length, next);
  }

  #drop(length: number): void {
    this.#heldCount -= this.#drafts.get(length)?.size ?? 0;
    this.#drafts.delete(length);
  }

  /**
   * Makes room: the draft goes that has most for each peer that says its length. Whoever says a length
   * of its own to fill the memory is the first to lose it, long before what several agree on, or what
   * is short; and who gives all of what it said is found out.
   */
  #dropDearest(): void {
    const claimants = new Map<number, number>();
    for (const { length } of this.#claims.values())
      claimants.set(length, (claimants.get(length) ?? 0) + 1);
    let dearest: number | undefined;
    let highest = 0;
    for (const [length, draft] of this.#drafts) {
      const cost = draft.size / (claimants.get(length) ?? 0);
      if (cost > highest) [dearest, highest] = [length, cost];
    }
    if (dearest !== undefined) this.#drop(dearest);
  }

  /** A piece that is missing: first one that nobody was asked for, else the least asked. */
  #pickPiece(claim: Claim): number | undefined {
    const draft = this.#drafts.get(claim.length);
    const pieceCount = pieceCountOf(claim.length);
    let best: number | undefined;
    let bestCount = Number.POSITIVE_INFINITY;
    for (let piece = 0; piece < pieceCount; piece++) {
      if (draft?.has(piece) || claim.underWay.has(piece)) continue;
      let count = 0;
      for (const other of this.#claims.values())
        if (other.length === claim.length && other.underWay.has(piece)) count++;
      if (count < bestCount) [best, bestCount] = [piece, count];
    }
    return best;
  }
}

function pieceCountOf(length: number): number {
  return Math.ceil(length / METADATA_PIECE_LENGTH);
}

function joined(draft: Draft, length: number): Uint8Array {
  const whole = new Uint8Array(length);
  for (const [piece, { bytes }] of draft) whole.set(bytes, piece * METADATA_PIECE_LENGTH);
  return whole;
}
