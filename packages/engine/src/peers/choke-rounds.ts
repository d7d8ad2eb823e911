/** Carries out what the choker decides, every ten seconds and when a slot is free. BEP 3. */
import type { Clock, Random } from '@shoal/units';
import { type ChokeCandidate, chooseUnchoked } from './choker.ts';
import type { PeerConnection } from './peer-connection.ts';

/** Interested peers that are served at a time, the optimistic one among them (libtorrent: 8). */
const SLOT_COUNT = 9;
const ROUND_MS = 10_000;
/** Who reads nothing for so long does not wait for blocks. */
const DEAF_MS = 10_000;

export interface ChokeRoundsOptions {
  readonly clock: Clock;
  readonly random: Random;
  peers(): Iterable<PeerConnection>;
  isSeeding(): boolean;
  /** The peer was choked: what it waits for is void. */
  handleChoked(peer: PeerConnection): void;
}

export class ChokeRounds {
  readonly #options: ChokeRoundsOptions;
  #round = 0;
  #lastAtMs = Number.NEGATIVE_INFINITY;
  /** Choked or unchoked by the user: left as it is until the connection ends. */
  readonly #byHand = new WeakSet<PeerConnection>();
  readonly #lastOptimisticMs = new WeakMap<PeerConnection, number>();

  constructor(options: ChokeRoundsOptions) {
    this.#options = options;
  }

  /** Once a second. */
  tick(nowMs: number): void {
    if (nowMs - this.#lastAtMs < ROUND_MS) return;
    this.#lastAtMs = nowMs;
    this.#round++;
    this.#decide(nowMs);
  }

  /** A peer became interested, or left: fills free slots at once, takes none away. */
  fillSlots(): void {
    const nowMs = this.#options.clock.nowMs();
    let taken = 0;
    for (const peer of this.#options.peers())
      if (!peer.session.amChoking && peer.session.peerInterested) taken++;
    for (const peer of this.#options.peers()) {
      if (taken >= SLOT_COUNT) return;
      if (!peer.session.peerInterested || !peer.session.amChoking) continue;
      if (peer.isSnubbed || this.#byHand.has(peer) || isPassedOver(peer, nowMs)) continue;
      this.#setChoking(peer, false);
      taken++;
    }
  }

  /** The user's word stands until the connection ends. */
  setByHand(peer: PeerConnection, choke: boolean): void {
    this.#byHand.add(peer);
    this.#setChoking(peer, choke);
  }

  #decide(nowMs: number): void {
    const peers = [...this.#options.peers()].filter((peer) => !this.#byHand.has(peer));
    const { unchoke, optimistic } = chooseUnchoked({
      candidates: peers.map((peer) => this.#candidate(peer, nowMs)),
      slotCount: SLOT_COUNT,
      seeding: this.#options.isSeeding(),
      round: this.#round,
      nowMs,
      random: this.#options.random,
    });
    for (const peer of peers) {
      const isOptimistic = peer.key === optimistic;
      if (isOptimistic && !peer.isOptimistic) this.#lastOptimisticMs.set(peer, nowMs);
      peer.isOptimistic = isOptimistic;
      this.#setChoking(peer, !unchoke.has(peer.key));
    }
  }

  #candidate(peer: PeerConnection, nowMs: number): ChokeCandidate {
    return {
      key: peer.key,
      interested: peer.session.peerInterested && !isPassedOver(peer, nowMs),
      isSnubbed: peer.isSnubbed,
      downBytesPerS: peer.down.bytesPerS,
      upBytesPerS: peer.up.bytesPerS,
      unchokedSinceMs: peer.turn.beganAtMs,
      uploadedSinceUnchoke: peer.turn.sentLength,
      connectedAtMs: peer.connectedAtMs,
      isUnchoked: !peer.session.amChoking,
      isOptimistic: peer.isOptimistic,
      lastOptimisticMs: this.#lastOptimisticMs.get(peer),
    };
  }

  #setChoking(peer: PeerConnection, choke: boolean): void {
    if (peer.session.amChoking === choke) return;
    const nowMs = this.#options.clock.nowMs();
    if (choke) {
      peer.turn.end(nowMs);
      peer.send({ type: 'choke' });
      this.#options.handleChoked(peer);
      return;
    }
    peer.turn.begin(nowMs);
    peer.send({ type: 'unchoke' });
  }
}

/** It gets no other turn yet: it let one pass lately, or does not read what is sent to it. */
function isPassedOver({ turn, deafSinceMs }: PeerConnection, nowMs: number): boolean {
  if (deafSinceMs !== undefined && nowMs - deafSinceMs >= DEAF_MS) return true;
  return turn.isPassedOver(nowMs);
}
