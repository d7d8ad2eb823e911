/** Carries out what a person asks of single peers, pieces and trackers. */
import { type Clock, formatPeerAddress, type PeerAddress, type PieceIndex } from '@shoal/units';
import type { KnownPeerSnapshot, PieceSnapshot, TorrentByHand } from './api.ts';
import type { Content } from './content.ts';
import { EngineError } from './engine-error.ts';
import type { PeerConnection } from './peers/peer-connection.ts';
import type { PeerSnapshot, TrackerSnapshot } from './state/snapshot.ts';
import type { TorrentNetwork } from './torrent-network.ts';
import { peerSnapshot } from './torrent-snapshot.ts';

/** Trackers are waited for no longer than this. */
const ANNOUNCE_LIMIT_MS = 35_000;
/** After the handshake a peer says what it has and who it is; this is enough on any line. */
const INTRODUCTION_MS = 300;
const PROGRESS_EVERY_MS = 100;

export interface ByHandOptions {
  readonly clock: Clock;
  readonly network: TorrentNetwork;
  content(): Content | undefined;
  addTracker(url: string): void;
  /** A piece turned out to be bad on disk. */
  handleLost(pieceIndex: PieceIndex): void;
}

export class ByHand implements TorrentByHand {
  readonly #options: ByHandOptions;
  readonly #clock: Clock;
  readonly #network: TorrentNetwork;

  constructor(options: ByHandOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#network = options.network;
  }

  knownPeers(): readonly KnownPeerSnapshot[] {
    const known = new Map<string, KnownPeerSnapshot>();
    for (const { address, source, status } of this.#network.pool.entries())
      known.set(formatPeerAddress(address), {
        address: formatPeerAddress(address),
        source,
        status,
      });
    for (const peer of this.#network.swarm.peers()) {
      const address = formatPeerAddress(peer.listenAddress ?? peer.address);
      const source = known.get(address)?.source ?? peer.source;
      known.set(address, { address, source, status: 'connected' });
    }
    return [...known.values()];
  }

  async connectTracker(url?: string): Promise<readonly TrackerSnapshot[]> {
    if (url !== undefined) this.#options.addTracker(url);
    const answered = this.#network.sources.announced(ANNOUNCE_LIMIT_MS);
    this.#network.sources.announcer.start();
    this.#network.sources.announcer.announceNow();
    await answered;
    return this.#network.sources.announcer.states();
  }

  async updateTracker(): Promise<readonly TrackerSnapshot[]> {
    return this.connectTracker();
  }

  disconnectTracker(): Promise<void> {
    return this.#network.sources.announcer.stop();
  }

  async connectPeer(address: PeerAddress): Promise<PeerSnapshot> {
    const peer =
      this.#network.swarm.find(address) ?? (await this.#network.connector.dialNow(address));
    await this.#sleep(INTRODUCTION_MS);
    // It may have dialled us meanwhile: one of the two connections is closed.
    const connected = peer.isClosed ? this.#network.swarm.find(address) : peer;
    if (connected === undefined)
      throw new EngineError('connect-failed', `${nameOf(address)} left again`);
    return peerSnapshot(connected);
  }

  disconnectPeer(address: PeerAddress): void {
    this.#network.swarm.avoid(this.#demandPeer(address), 'disconnected by hand');
  }

  findPeer(address: PeerAddress): PeerSnapshot | undefined {
    const peer = this.#network.swarm.find(address);
    return peer && peerSnapshot(peer);
  }

  async ping(address: PeerAddress): Promise<number> {
    const peer = this.#network.swarm.find(address);
    const startedMs = this.#clock.nowMs();
    const isAsked = peer !== undefined && (await this.#network.ask(peer));
    if (!isAsked) await this.#network.connector.tryHandshake(address);
    return this.#clock.nowMs() - startedMs;
  }

  async requestPiece(
    address: PeerAddress,
    pieceIndex: number,
    handleProgress?: (receivedCount: number, blockCount: number, isChoked: boolean) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const peer = this.#demandPeer(address);
    const { content, index } = this.#demandPiece(pieceIndex);
    if (!peer.pieces.has(index))
      throw new EngineError('peer-lacks-piece', `${nameOf(address)} does not have piece ${index}`);
    peer.urgent.add(index);
    content.downloader.refill(peer);
    const blockCount = content.info.layout.blockCount(index);
    while (!content.tracker.have.has(index)) {
      if (signal?.aborted || peer.isClosed) {
        peer.urgent.delete(index);
        signal?.throwIfAborted();
        throw new EngineError('connect-failed', `${nameOf(address)} left`);
      }
      const received = content.tracker.active.get(index)?.receivedCount ?? 0;
      handleProgress?.(received, blockCount, peer.session.peerChoking);
      await this.#sleep(PROGRESS_EVERY_MS);
    }
    peer.urgent.delete(index);
  }

  offerPiece(address: PeerAddress, pieceIndex: number): () => number {
    const peer = this.#demandPeer(address);
    const { content, index } = this.#demandPiece(pieceIndex);
    if (!content.tracker.have.has(index))
      throw new EngineError('piece-missing', `piece ${index} is not here yet`);
    const before = peer.offered.get(index) ?? 0;
    peer.offered.set(index, before);
    this.#network.chokes.setByHand(peer, false);
    if (peer.supportsFast) peer.send({ type: 'suggest', pieceIndex: index });
    return () => peer.offered.get(index)! - before;
  }

  setPeerChoked(address: PeerAddress, choked: boolean): void {
    this.#network.chokes.setByHand(this.#demandPeer(address), choked);
  }

  pieceState(pieceIndex: number): PieceSnapshot {
    const { content, index } = this.#demandPiece(pieceIndex);
    const { tracker, downloader, info } = content;
    const active = tracker.active.get(index);
    const state = tracker.have.has(index)
      ? 'have'
      : tracker.isVerifying(index)
        ? 'verifying'
        : active === undefined
          ? 'missing'
          : 'fetching';
    return {
      state,
      receivedCount: active?.receivedCount ?? 0,
      blockCount: info.layout.blockCount(index),
      sources: Array.from(downloader.sourcesOf(index), (peer) => formatPeerAddress(peer.address)),
    };
  }

  async recheckPiece(pieceIndex: number): Promise<boolean> {
    const { content, index } = this.#demandPiece(pieceIndex);
    const isGood = await content.recheck(index);
    if (!isGood && content.tracker.have.has(index)) {
      content.tracker.lost(index);
      this.#options.handleLost(index);
    }
    return isGood;
  }

  #demandPeer(address: PeerAddress): PeerConnection {
    const peer = this.#network.swarm.find(address);
    if (peer !== undefined) return peer;
    throw new EngineError('no-such-peer', `${nameOf(address)} is not connected`);
  }

  #demandPiece(pieceIndex: number): { content: Content; index: PieceIndex } {
    const content = this.#options.content();
    if (content === undefined)
      throw new EngineError(
        'no-such-piece',
        'the pieces are not known before the metadata is here',
      );
    const { layout } = content.info;
    const index = layout.pieceIndex(pieceIndex);
    if (index !== undefined) return { content, index };
    const range = `pieces are 0-${layout.pieceCount - 1}`;
    throw new EngineError('no-such-piece', `there is no piece ${pieceIndex}: ${range}`);
  }

  #sleep(delayMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#clock.after(delayMs, resolve);
    return promise;
  }
}

function nameOf(address: PeerAddress): string {
  return `Peer[${formatPeerAddress(address)}]`;
}
