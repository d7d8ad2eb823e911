/** A plain model of the piece tracker, and the commands that move both. */
import type { PieceIndex } from '@shoal/units';
import fc from 'fast-check';
import { expect } from 'vitest';
import { OFF, type PieceTracker, type PieceWish } from '../../src/picking/piece-tracker.ts';

const PIECE_COUNT = 9;
export const PIECE_LENGTH = 40_000;
export const TOTAL_LENGTH = (PIECE_COUNT - 1) * PIECE_LENGTH + 7_000;

interface ModelPiece {
  state: 'missing' | 'active' | 'verifying' | 'have';
  wish: PieceWish;
  leecherCount: number;
}

export class TrackerModel {
  readonly pieces: ModelPiece[] = Array.from({ length: PIECE_COUNT }, () => ({
    state: 'missing',
    wish: 1,
    leecherCount: 0,
  }));
  seederCount = 0;

  indexes(where: (piece: ModelPiece) => boolean): number[] {
    return [...this.pieces.keys()].filter((index) => where(this.pieces[index]!));
  }

  /** Every fact that the tracker tells, compared with what the model knows. */
  check(tracker: PieceTracker): void {
    const wanted = ({ wish }: ModelPiece): boolean => wish !== OFF;
    const pickable = this.indexes((piece) => piece.state === 'missing' && wanted(piece));
    expect([...tracker.order.pieces()].sort((a, b) => a - b)).toEqual(pickable);
    expect(tracker.pickableCount).toBe(pickable.length);
    expect(tracker.firstPickable()).toBe(pickable[0] ?? PIECE_COUNT);
    const keys = [...tracker.order.pieces()].map((index) => this.#key(index));
    expect(keys).toEqual(keys.toSorted((a, b) => a - b));

    const active = this.indexes(({ state }) => state === 'active');
    expect([...tracker.active.keys()].sort((a, b) => a - b)).toEqual(active);
    const verifying = this.indexes(({ state }) => state === 'verifying');
    expect(
      this.indexes(() => true).filter((index) => tracker.isVerifying(index as PieceIndex)),
    ).toEqual(verifying);
    const have = this.indexes(({ state }) => state === 'have');
    expect([...tracker.have.indexes()]).toEqual(have);
    expect(tracker.have.count).toBe(have.length);

    const underWay = [...active, ...verifying].map((index) => lengthOf(index));
    expect(tracker.activeLength).toBe(underWay.reduce((sum, length) => sum + length, 0));
    expect(tracker.wantedCount).toBe(this.indexes(wanted).length);
    const missing = this.indexes((piece) => wanted(piece) && piece.state !== 'have').length;
    expect(tracker.missingWantedCount).toBe(missing);
    expect(tracker.isDone).toBe(missing === 0);
    for (const [index, { leecherCount }] of this.pieces.entries()) {
      expect(tracker.availability.amongLeechers(index)).toBe(leecherCount);
      expect(tracker.availability.of(index)).toBe(leecherCount + this.seederCount);
    }
  }

  #key(index: number): number {
    const { wish, leecherCount } = this.pieces[index]!;
    return wish * 64 + Math.min(63, leecherCount);
  }
}

type TrackerCommand = fc.Command<TrackerModel, PieceTracker>;

/** A move of one piece, legal when it is in one of these states. */
class PieceCommand implements TrackerCommand {
  readonly #name: string;
  readonly #index: number;
  readonly #from: readonly ModelPiece['state'][];
  readonly #move: (piece: ModelPiece, tracker: PieceTracker, index: PieceIndex) => void;

  constructor(
    name: string,
    index: number,
    from: readonly ModelPiece['state'][],
    move: (piece: ModelPiece, tracker: PieceTracker, index: PieceIndex) => void,
  ) {
    this.#name = name;
    this.#index = index;
    this.#from = from;
    this.#move = move;
  }

  check(model: TrackerModel): boolean {
    return this.#from.includes(model.pieces[this.#index]!.state);
  }

  run(model: TrackerModel, tracker: PieceTracker): void {
    this.#move(model.pieces[this.#index]!, tracker, this.#index as PieceIndex);
    model.check(tracker);
  }

  toString(): string {
    return `${this.#name}(${this.#index})`;
  }
}

const ANY = ['missing', 'active', 'verifying', 'have'] as const;
const index = fc.nat(PIECE_COUNT - 1);
const wish = fc.constantFrom<PieceWish>(0, 1, 2, OFF);

/** Every move of the table in `piece-tracker.ts`, wishes and peers that come and go. */
export const trackerCommands: fc.Arbitrary<TrackerCommand>[] = [
  index.map(
    (at) =>
      new PieceCommand('start', at, ['missing'], (piece, tracker, pieceIndex) => {
        const active = tracker.start(pieceIndex, 1, 0);
        expect(tracker.active.get(pieceIndex)).toBe(active);
        piece.state = 'active';
      }),
  ),
  index.map(
    (at) =>
      new PieceCommand('abandon', at, ['active'], (piece, tracker, pieceIndex) => {
        tracker.abandon(pieceIndex);
        piece.state = 'missing';
      }),
  ),
  index.map(
    (at) =>
      new PieceCommand('verifying', at, ['active'], (piece, tracker, pieceIndex) => {
        tracker.verifying(pieceIndex);
        piece.state = 'verifying';
      }),
  ),
  index.map(
    (at) =>
      new PieceCommand('verified', at, ANY, (piece, tracker, pieceIndex) => {
        expect(tracker.verified(pieceIndex)).toBe(piece.state !== 'have');
        piece.state = 'have';
      }),
  ),
  index.map(
    (at) =>
      new PieceCommand('failed', at, ['verifying'], (piece, tracker, pieceIndex) => {
        tracker.failed(pieceIndex);
        piece.state = 'missing';
      }),
  ),
  index.map(
    (at) =>
      new PieceCommand('not stored', at, ['verifying'], (piece, tracker, pieceIndex) => {
        tracker.notStored(pieceIndex);
        piece.state = 'missing';
      }),
  ),
  index.map(
    (at) =>
      new PieceCommand('lost', at, ANY, (piece, tracker, pieceIndex) => {
        tracker.lost(pieceIndex);
        if (piece.state === 'have') piece.state = 'missing';
      }),
  ),
  fc.tuple(index, wish).map(
    ([at, wanted]) =>
      new PieceCommand(`wish ${wanted}`, at, ANY, (piece, tracker, pieceIndex) => {
        tracker.setWish(pieceIndex, wanted);
        piece.wish = wanted;
      }),
  ),
  index.map(
    (at) =>
      new PieceCommand('peerHas', at, ANY, (piece, tracker, pieceIndex) => {
        tracker.peerHas(pieceIndex);
        piece.leecherCount++;
      }),
  ),
  index.map(
    (at) =>
      new PieceCommand('peerLost', at, ANY, (piece, tracker, pieceIndex) => {
        if (piece.leecherCount === 0) return;
        tracker.peerLost(pieceIndex);
        piece.leecherCount--;
      }),
  ),
  fc.boolean().map(
    (comes): TrackerCommand => ({
      check: (model) => comes || model.seederCount > 0,
      run: (model, tracker) => {
        if (comes) tracker.availability.addSeeder();
        else tracker.availability.removeSeeder();
        model.seederCount += comes ? 1 : -1;
        model.check(tracker);
      },
      toString: () => (comes ? 'addSeeder' : 'removeSeeder'),
    }),
  ),
];

function lengthOf(at: number): number {
  return at === PIECE_COUNT - 1 ? TOTAL_LENGTH - at * PIECE_LENGTH : PIECE_LENGTH;
}
