/** A downloader among fake peers on a network in memory, without engine, tracker or disk. */
import {
  type FakeConnection,
  FakePeer,
  type FakePeerOptions,
  ManualClock,
  MemoryNetwork,
  seededRandom,
} from '@shoal/testkit';
import {
  BLOCK_LENGTH,
  equalBytes,
  type PieceIndex,
  PieceLayout,
  toInfoHash,
  toPeerId,
} from '@shoal/units';
import { encodeMessage, type Message } from '@shoal/wire';
import { BanList } from '../../src/peers/ban-list.ts';
import { exchangeHandshakes } from '../../src/peers/handshake-exchange.ts';
import type { PeerConnection } from '../../src/peers/peer-connection.ts';
import { PeerPool } from '../../src/peers/peer-pool.ts';
import { Swarm } from '../../src/peers/swarm.ts';
import { PieceTracker } from '../../src/picking/piece-tracker.ts';
import { Downloader } from '../../src/transfer/downloader.ts';
import { PieceBuffers } from '../../src/transfer/piece-buffers.ts';
import { RateLimiter } from '../../src/transfer/rate-limiter.ts';
import { RateMeter } from '../../src/transfer/rate-meter.ts';

const ADDRESS = '10.0.0.1';
const PORT = 6881;
const infoHash = toInfoHash(new Uint8Array(20).fill(7))!;
const ourPeerId = toPeerId(new Uint8Array(20).fill(1))!;

export interface LeecherOptions {
  readonly pieceCount?: number;
  readonly blocksPerPiece?: number;
  readonly activeLimit?: number;
  readonly downBytesPerS?: number;
  readonly seed?: number;
}

/** Both ends of one connection. */
export interface Met {
  /** The fake peer's end: what it received, and where to send from. */
  readonly theirs: FakeConnection;
  readonly ours: PeerConnection;
}

export class LeecherStage {
  readonly clock = new ManualClock();
  readonly network = new MemoryNetwork(this.clock);
  readonly layout: PieceLayout;
  /** The true bytes. */
  readonly content: Uint8Array;
  readonly tracker: PieceTracker;
  readonly downloader: Downloader;
  readonly limiter: RateLimiter;
  readonly meter = new RateMeter(0);
  readonly swarm: Swarm;
  /** Indexes of whole pieces, in the order in which they came: with the right bytes, and with others. */
  readonly good: number[] = [];
  readonly bad: number[] = [];
  readonly #buffers: PieceBuffers;

  constructor(options: LeecherOptions = {}) {
    const { pieceCount = 4, blocksPerPiece = 4, seed = 1 } = options;
    const pieceLength = blocksPerPiece * BLOCK_LENGTH;
    this.layout = new PieceLayout(pieceCount * pieceLength - 5_000, pieceLength);
    this.content = seededRandom(seed).bytes(this.layout.totalLength);
    this.tracker = new PieceTracker(this.layout, seededRandom(seed));
    this.limiter = new RateLimiter({ bytesPerS: options.downBytesPerS });
    this.#buffers = new PieceBuffers(pieceLength, 8 * pieceLength);
    const ignore = (): void => {};
    this.swarm = new Swarm({
      clock: this.clock,
      pool: new PeerPool({ random: seededRandom(seed) }),
      bans: new BanList(),
      ourPeerId,
      listener: {
        handleJoined: ignore,
        handleLeft: (peer) => this.downloader.forget(peer),
        handleInterest: ignore,
        handleUseful: (peer) => this.downloader.refill(peer),
        handleSeeder: ignore,
        handleExtended: ignore,
        handlePort: ignore,
      },
    });
    this.downloader = new Downloader({
      tracker: this.tracker,
      buffers: this.#buffers,
      limiter: this.limiter,
      meter: this.meter,
      clock: this.clock,
      activeLimit: options.activeLimit ?? 64 * 1024 * 1024,
      peers: () => this.swarm.peers(),
      handleComplete: ({ index, bytes }) => {
        const offset = this.layout.offsetOf(index);
        const isGood = equalBytes(bytes!, this.content.slice(offset, offset + bytes!.length));
        (isGood ? this.good : this.bad).push(index);
        if (isGood) this.tracker.verified(index);
        else this.tracker.failed(index);
        if (isGood) this.swarm.haves?.announce(index);
        // What the next piece finds there is not what this one left.
        this.#buffers.giveBack(bytes!.fill(0));
        this.downloader.refillStarved();
      },
    });
    this.swarm.setContent(this.tracker, this.downloader, {
      handleRequest: ignore,
      handleCancel: ignore,
      pump: ignore,
    });
    this.downloader.enable();
    this.clock.every(1_000, () => {
      this.swarm.tick(this.clock.nowMs());
      this.downloader.tick(this.clock.nowMs());
    });
  }

  /** Waits for peers to come in. */
  async listen(): Promise<void> {
    await this.network.host(ADDRESS).listen(PORT, undefined, (transport) => {
      exchangeHandshakes({
        transport,
        clock: this.clock,
        random: seededRandom(1),
        encryption: 'off',
        answer: () => ({
          infoHash,
          peerId: ourPeerId,
          supportsFast: true,
          supportsExtended: false,
          supportsDht: false,
        }),
        done: (established) => this.swarm.join(established, 'incoming'),
        failed: () => {},
      });
    });
  }

  /** A peer comes in from an address of its own, `10.0.1.N`. */
  async meet(n: number, options: Partial<FakePeerOptions> = {}): Promise<Met> {
    const host = `10.0.1.${n}`;
    const peer = new FakePeer({
      network: this.network.host(host),
      infoHash,
      layout: this.layout,
      content: this.content,
      peerId: toPeerId(new Uint8Array(20).fill(100 + n))!,
      ...options,
    });
    const dialled = peer.dial(this.network.host(ADDRESS).address(PORT));
    const find = (): PeerConnection | undefined =>
      [...this.swarm.peers()].find(({ address }) => address.host === host);
    await this.clock.advanceUntil(() => find() !== undefined, 1_000);
    const theirs = await dialled;
    return { theirs, ours: find()! };
  }

  get isComplete(): boolean {
    return this.tracker.isDone;
  }
}

/** A stage that peers can come to. */
export async function makeStage(options: LeecherOptions = {}) {
  const stage = new LeecherStage(options);
  await stage.listen();
  return stage;
}

/** The blocks a peer was asked for (or told to leave), as `piece.block`. */
export function blocks({ theirs }: Met, type: 'request' | 'cancel' = 'request'): string[] {
  return theirs.received.flatMap((message) =>
    message.type === type ? `${message.pieceIndex}.${message.begin / BLOCK_LENGTH}` : [],
  );
}

/** The true bytes of a block, by its name. */
export function pieceMessage(stage: LeecherStage, name: string): Message {
  const [pieceIndex, block] = name.split('.').map(Number) as [number, number];
  const begin = block * BLOCK_LENGTH;
  const offset = pieceIndex * stage.layout.pieceLength + begin;
  const length = stage.layout.blockLength(pieceIndex as PieceIndex, block);
  return {
    type: 'piece',
    pieceIndex,
    begin,
    block: stage.content.slice(offset, offset + length),
  };
}

/** Sends the first or the last half of a `piece` message. */
export function sendHalf(
  stage: LeecherStage,
  connection: FakeConnection,
  name: string,
  half: 'first' | 'last',
): void {
  const bytes = encodeMessage(pieceMessage(stage, name));
  connection.sendBytes(half === 'first' ? bytes.slice(0, 9_000) : bytes.slice(9_000));
}
