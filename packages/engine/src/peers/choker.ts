/** Who may download from us. BEP 3: tit for tat as a leecher, turns as a seeder. */
import type { Random } from '@shoal/units';

/** What the decision needs to know of one connection. */
export interface ChokeCandidate {
  /** The caller's name for the connection. */
  readonly key: number;
  readonly interested: boolean;
  /** It owes us blocks and has sent none for a minute. */
  readonly isSnubbed: boolean;
  /** What it sends us. */
  readonly downBytesPerS: number;
  /** What we send it. */
  readonly upBytesPerS: number;
  /** When we last unchoked it, kept after it is choked again; undefined: never. */
  readonly unchokedSinceMs: number | undefined;
  /** Bytes we sent it since then. */
  readonly uploadedSinceUnchoke: number;
  readonly connectedAtMs: number;
  readonly isUnchoked: boolean;
  /** It holds the optimistic slot. */
  readonly isOptimistic: boolean;
  /** When it was last given the optimistic slot; undefined: never. */
  readonly lastOptimisticMs: number | undefined;
}

export interface ChokeDecision {
  /** Keys of all that are to be unchoked now, the optimistic one among them. */
  readonly unchoke: ReadonlySet<number>;
  /** Key of the optimistic unchoke. */
  readonly optimistic: number | undefined;
}

export interface ChokeRound {
  readonly candidates: readonly ChokeCandidate[];
  /** Interested peers unchoked at a time, the optimistic one among them. */
  readonly slotCount: number;
  readonly seeding: boolean;
  /** Counts up by one every 10 s; the optimistic slot moves on when it is a multiple of 3. */
  readonly round: number;
  readonly nowMs: number;
  readonly random: Random;
}

/** Rounds for which the optimistic slot stays: 30 s (BEP 3). */
const OPTIMISTIC_ROUNDS = 3;
const OPTIMISTIC_MS = 30_000;

/** As a seeder: a turn lasts a minute and ends when this much was sent, or after three minutes. */
const TURN_MS = 60_000;
const LONGEST_TURN_MS = 180_000;
const TURN_LENGTH = 8 * 1024 * 1024;

/** Decides one round. Pure: the same input and random numbers give the same decision. */
export function chooseUnchoked(options: ChokeRound): ChokeDecision {
  return options.seeding ? chooseAsSeeder(options) : chooseAsLeecher(options);
}

/**
 * The best givers get the regular slots; slots that no giver claims go round by chance; the last
 * slot is the optimistic one.
 */
function chooseAsLeecher(options: ChokeRound): ChokeDecision {
  const { candidates, slotCount } = options;
  const interested = candidates.filter((peer) => peer.interested);
  const regularCount = regularSlotCount(slotCount);
  const givers = candidates
    .filter((peer) => !peer.isSnubbed && peer.downBytesPerS > 0)
    .sort((a, b) => b.downBytesPerS - a.downBytesPerS);
  const unchoke = new Set<number>();
  let taken = 0;
  for (const peer of givers) {
    if (taken >= regularCount) break;
    unchoke.add(peer.key);
    // Better givers that want nothing are unchoked beside the slots (BEP 3).
    if (peer.interested) taken++;
  }
  const holds = (peer: ChokeCandidate): boolean => peer.isOptimistic && !movesOn(options);
  const idle = interested.filter(
    (peer) => !peer.isSnubbed && !holds(peer) && !unchoke.has(peer.key),
  );
  for (const peer of drawSpare(idle, regularCount - taken, options)) {
    unchoke.add(peer.key);
    taken++;
  }
  const waiting = interested.filter((peer) => !unchoke.has(peer.key));
  const optimistic = taken < slotCount ? chooseOptimistic(waiting, options) : undefined;
  if (optimistic !== undefined) unchoke.add(optimistic.key);
  return { unchoke, optimistic: optimistic?.key };
}

/** Those who hold a spare slot keep it for 30 s, then it is drawn again. */
function drawSpare(
  idle: readonly ChokeCandidate[],
  count: number,
  { nowMs, random }: ChokeRound,
): ChokeCandidate[] {
  const holds = (peer: ChokeCandidate): boolean =>
    peer.isUnchoked && nowMs - (peer.unchokedSinceMs ?? 0) < OPTIMISTIC_MS;
  const drawn = idle.map((peer) => ({ peer, lot: holds(peer) ? -1 : random.below(2 ** 32) }));
  drawn.sort((a, b) => a.lot - b.lot);
  return drawn.slice(0, Math.max(0, count)).map(({ peer }) => peer);
}

/**
 * The optimistic slot goes round: whoever waited longest is next. A connection made since the
 * slot last moved cuts in with the chance 3 / (n + 2), three times that of any other place (BEP 3).
 */
function chooseOptimistic(
  waiting: readonly ChokeCandidate[],
  options: ChokeRound,
): ChokeCandidate | undefined {
  const { nowMs, random } = options;
  const holder = waiting.find((peer) => peer.isOptimistic);
  if (holder !== undefined && !movesOn(options)) return holder;
  const queue = waiting.filter((peer) => peer !== holder);
  if (queue.length === 0) return holder;
  const fresh = queue.filter(
    (peer) => peer.lastOptimisticMs === undefined && nowMs - peer.connectedAtMs < OPTIMISTIC_MS,
  );
  const lot = random.below(queue.length + 2 * fresh.length);
  const cutsIn = fresh[Math.floor(lot / 3)];
  if (cutsIn !== undefined) return cutsIn;
  const since = (peer: ChokeCandidate): number => peer.lastOptimisticMs ?? peer.connectedAtMs;
  return queue.reduce((longest, peer) => (since(peer) < since(longest) ? peer : longest));
}

/** Whether the optimistic slot goes to the next one in this round. */
function movesOn({ round }: ChokeRound): boolean {
  return round % OPTIMISTIC_ROUNDS === 0;
}

/**
 * Turns: those whose turn is not over stay, then those who wait come in the order of their
 * waiting, then those who had their turn, fastest first, if slots are left.
 *
 * There is no optimistic slot: turns try everybody, and an optimistic unchoke between them made
 * some peers wait nine times as long as others (simulated, 20 peers, 30 minutes).
 */
function chooseAsSeeder({ candidates, slotCount, nowMs }: ChokeRound): ChokeDecision {
  const rank = (peer: ChokeCandidate): number => {
    if (!peer.isUnchoked) return 1;
    return isTurnOver(peer, nowMs) ? 2 : 0;
  };
  const queue = candidates
    .filter((peer) => peer.interested)
    .sort((a, b) => {
      if (rank(a) !== rank(b)) return rank(a) - rank(b);
      return rank(a) === 1 ? waitsSince(a) - waitsSince(b) : b.upBytesPerS - a.upBytesPerS;
    });
  const chosen = queue.slice(0, slotCount).map((peer) => peer.key);
  return { unchoke: new Set(chosen), optimistic: undefined };
}

/** A single slot is a regular one: who gives nothing in return must not hold the only slot. */
function regularSlotCount(slotCount: number): number {
  return slotCount > 1 ? slotCount - 1 : slotCount;
}

function waitsSince(peer: ChokeCandidate): number {
  return peer.unchokedSinceMs ?? peer.connectedAtMs;
}

function isTurnOver(peer: ChokeCandidate, nowMs: number): boolean {
  const heldMs = nowMs - (peer.unchokedSinceMs ?? nowMs);
  if (heldMs >= LONGEST_TURN_MS) return true;
  return heldMs >= TURN_MS && peer.uploadedSinceUnchoke >= TURN_LENGTH;
}
