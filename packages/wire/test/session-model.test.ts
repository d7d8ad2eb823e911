import { PieceLayout } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Message, PeerSession } from '../src/index.ts';
import { RecordingSink } from './recording-sink.ts';

const layout = new PieceLayout(8 * 16_384, 16_384);

/** What each side must have told the other, as plain as can be. */
interface SideModel {
  choking: boolean;
  interested: boolean;
  readonly allowedFast: Set<number>;
  opened: boolean;
  sentHaves: number;
}

/** Two sessions and the bytes under way between them. */
class Pair {
  readonly sinks = [new RecordingSink(), new RecordingSink()] as const;
  readonly sessions = this.sinks.map(
    (sink) => new PeerSession({ sink, layout, fast: true, extended: true }),
  );
  readonly #pipes: number[][] = [[], []];

  send(from: number, message: Message): void {
    this.#pipes[from]!.push(...this.sessions[from]!.send(message));
  }

  /** Delivers up to `count` bytes to the other side. */
  deliver(from: number, count: number): void {
    const bytes = Uint8Array.from(this.#pipes[from]!.splice(0, count));
    this.sessions[1 - from]!.receive(bytes, bytes.length);
  }

  deliverAll(): void {
    for (const from of [0, 1]) this.deliver(from, Number.POSITIVE_INFINITY);
  }
}

type Model = readonly [SideModel, SideModel];
const side = fc.integer({ min: 0, max: 1 });

/** One message from one side; `apply` changes the model or says that the move is illegal. */
class Send implements fc.Command<Model, Pair> {
  readonly #from: number;
  readonly #message: Message;

  constructor(from: number, message: Message) {
    this.#from = from;
    this.#message = message;
  }

  check(): boolean {
    return true;
  }

  run(model: Model, pair: Pair): void {
    if (this.#isLegal(model)) pair.send(this.#from, this.#message);
    else expect(() => pair.sessions[this.#from]!.send(this.#message)).toThrow(/^must not/);
    const session = pair.sessions[this.#from]!;
    expect(session.amChoking).toBe(model[this.#from]!.choking);
    expect(session.amInterested).toBe(model[this.#from]!.interested);
  }

  toString(): string {
    return `${this.#from} sends ${JSON.stringify(this.#message)}`;
  }

  #isLegal(model: Model): boolean {
    const own = model[this.#from]!;
    const message = this.#message;
    if (message.type === 'have-all' && own.opened) return false;
    own.opened = true;
    if (message.type === 'choke' || message.type === 'unchoke')
      own.choking = message.type === 'choke';
    if (message.type === 'interested' || message.type === 'not-interested')
      own.interested = message.type === 'interested';
    if (message.type === 'allowed-fast') own.allowedFast.add(message.pieceIndex);
    if (message.type === 'have') own.sentHaves++;
    return true;
  }
}

class Deliver implements fc.Command<Model, Pair> {
  readonly #from: number;
  readonly #count: number;

  constructor(from: number, count: number) {
    this.#from = from;
    this.#count = count;
  }

  check(): boolean {
    return true;
  }

  run(_model: Model, pair: Pair): void {
    pair.deliver(this.#from, this.#count);
  }

  toString(): string {
    return `${this.#count} bytes from ${this.#from} arrive`;
  }
}

/** All that was sent arrives: both sides then agree on every flag, and on what may be requested. */
class Settle implements fc.Command<Model, Pair> {
  check(): boolean {
    return true;
  }

  run(model: Model, pair: Pair): void {
    pair.deliverAll();
    for (const at of [0, 1]) {
      const [own, other] = [pair.sessions[at]!, model[1 - at]!];
      expect(own.peerChoking).toBe(other.choking);
      expect(own.peerInterested).toBe(other.interested);
      for (let piece = 0; piece < layout.pieceCount; piece++)
        expect(own.mayRequest(piece)).toBe(!other.choking || other.allowedFast.has(piece));
      const haves = pair.sinks[at]!.calls.filter(([what]) => what === 'have');
      expect(haves.length).toBe(other.sentHaves);
    }
  }

  toString(): string {
    return 'all arrives';
  }
}

test('two sessions over a pipe that cuts anywhere keep their flags mirrored', () => {
  const pieceIndex = fc.integer({ min: 0, max: layout.pieceCount - 1 });
  const message: fc.Arbitrary<Message> = fc.oneof(
    fc.record({
      type: fc.constantFrom('choke', 'unchoke', 'interested', 'not-interested', 'have-all'),
    }),
    fc.record({ type: fc.constantFrom('have', 'allowed-fast', 'suggest'), pieceIndex }),
  );
  const commands = fc.commands([
    fc.tuple(side, message).map(([from, sent]) => new Send(from, sent)),
    fc.tuple(side, fc.integer({ min: 1, max: 12 })).map(([from, n]) => new Deliver(from, n)),
    fc.constant(new Settle()),
  ]);
  fc.assert(
    fc.property(commands, (steps) => {
      const fresh = (): SideModel => ({
        choking: true,
        interested: false,
        allowedFast: new Set(),
        opened: false,
        sentHaves: 0,
      });
      const setup = () => ({ model: [fresh(), fresh()] as const, real: new Pair() });
      fc.modelRun(setup, [...steps, new Settle()]);
    }),
    { numRuns: 200 },
  );
});
