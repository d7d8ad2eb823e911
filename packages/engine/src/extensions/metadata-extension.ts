/** Fetches the info dict of a magnet from peers, and serves ours to others. BEP 9. */
import { type Clock, equalBytes, type InfoHash } from '@shoal/units';
import {
  decodeMetadataMessage,
  EXTENSION_NAME,
  type ExtendedHandshake,
  encodeMetadataMessage,
  METADATA_PIECE_LENGTH,
  WireError,
} from '@shoal/wire';
import type { PeerConnection } from '../peers/peer-connection.ts';
import { sha1 } from '../transfer/sha1.ts';
import { type PeerExtension, sendExtension } from './extension-host.ts';
import { MessageCount } from './message-count.ts';
import { MetadataAssembly } from './metadata-assembly.ts';

/** Requests one peer may make for each piece of the metadata; more are rejected. */
const SERVE_FACTOR = 3;
/** Bytes that wait for a peer before its next request is rejected. */
const UNSENT_LIMIT = 1024 * 1024;
/** Requests of a peer that are rejected in a minute; more is a flood, and the peer is closed. */
const REJECT_LIMIT = 300;
const MINUTE_MS = 60_000;
/** A peer that said no length may have it by now: it is asked for the first piece so often. */
const PROBE_MS = 60_000;

export interface MetadataExtensionOptions {
  readonly infoHash: InfoHash;
  readonly clock: Clock;
  peers(): Iterable<PeerConnection>;
  /** The raw info dict, once known. */
  infoBytes(): Uint8Array | undefined;
  /** The info dict came and its hash is right. */
  handleInfo(infoBytes: Uint8Array): void;
  /** The whole came from this peer alone and its hash was wrong. */
  handleLiar(peer: PeerConnection): void;
}

export class MetadataExtension implements PeerExtension {
  readonly name = EXTENSION_NAME.metadata;
  readonly id = 1;
  readonly #options: MetadataExtensionOptions;
  #assembly = new MetadataAssembly();
  readonly #asked = new Map<PeerConnection, (() => void)[]>();
  readonly #served = new WeakMap<PeerConnection, number>();
  readonly #probedAtMs = new WeakMap<PeerConnection, number>();
  readonly #rejected = new WeakMap<PeerConnection, MessageCount>();

  constructor(options: MetadataExtensionOptions) {
    this.#options = options;
  }

  handleHandshake(peer: PeerConnection, handshake: ExtendedHandshake): void {
    if (this.#options.infoBytes() !== undefined || !peer.extensions.get(this.name)) return;
    if (handshake.metadataLength === undefined) return;
    this.#assembly.addPeer(peer.key, handshake.metadataLength);
    this.#ask();
  }

  handleMessage(peer: PeerConnection, payload: Uint8Array): void {
    const message = decodeMetadataMessage(payload);
    if (message.type === 'request') return this.#serve(peer, message.piece);
    this.#answer(peer);
    if (this.#options.infoBytes() !== undefined) return;
    if (message.type === 'reject')
      this.#assembly.handleReject(peer.key, message.piece, this.#options.clock.nowMs());
    if (message.type === 'data') {
      const { piece, totalLength, bytes } = message;
      this.#assembly.addPeer(peer.key, totalLength);
      const whole = this.#assembly.handleData(peer.key, piece, totalLength, bytes);
      if (whole !== undefined) void this.#check(whole);
    }
    this.#ask();
  }

  handleLeft(peer: PeerConnection): void {
    this.#assembly.removePeer(peer.key);
    this.#answer(peer);
  }

  /**
   * Asks for the first piece of the metadata, which the peer must send or refuse: a round trip.
   * @returns a promise that resolves with the answer, or undefined if it does not speak BEP 9
   */
  ask(peer: PeerConnection): Promise<void> | undefined {
    const message = encodeMetadataMessage({ type: 'request', piece: 0 });
    if (!sendExtension(peer, this.name, message)) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#asked.set(peer, [...(this.#asked.get(peer) ?? []), resolve]);
    return promise;
  }

  /** Once a second: asks again for what did not come. */
  tick(): void {
    if (this.#options.infoBytes() !== undefined) return;
    this.#ask();
    this.#probe(this.#options.clock.nowMs());
  }

  #probe(nowMs: number): void {
    for (const peer of this.#options.peers()) {
      const sinceMs = nowMs - (this.#probedAtMs.get(peer) ?? peer.connectedAtMs);
      if (sinceMs < PROBE_MS || this.#assembly.hasPeer(peer.key)) continue;
      this.#probedAtMs.set(peer, nowMs);
      sendExtension(peer, this.name, encodeMetadataMessage({ type: 'request', piece: 0 }));
    }
  }

  #answer(peer: PeerConnection): void {
    for (const resolve of this.#asked.get(peer) ?? []) resolve();
    this.#asked.delete(peer);
  }

  async #check(whole: Uint8Array): Promise<void> {
    const hash = await sha1(whole);
    if (this.#options.infoBytes() !== undefined) return;
    if (equalBytes(hash, this.#options.infoHash)) {
      // What liars sent is let go of.
      this.#assembly = new MetadataAssembly();
      return this.#options.handleInfo(whole);
    }
    const senders = this.#assembly.handleBad(whole.length);
    const [liar] = senders.length === 1 ? senders : [];
    for (const peer of [...this.#options.peers()])
      if (peer.key === liar) this.#options.handleLiar(peer);
    this.#ask();
  }

  #ask(): void {
    const requests = this.#assembly.nextRequests(this.#options.clock.nowMs());
    if (requests.length === 0) return;
    const byKey = new Map([...this.#options.peers()].map((peer) => [peer.key, peer]));
    for (const { peerKey, piece } of requests) {
      const peer = byKey.get(peerKey);
      if (peer === undefined) this.#assembly.removePeer(peerKey);
      else sendExtension(peer, this.name, encodeMetadataMessage({ type: 'request', piece }));
    }
  }

  #serve(peer: PeerConnection, piece: number): void {
    const infoBytes = this.#options.infoBytes();
    const pieceCount = Math.ceil((infoBytes?.length ?? 0) / METADATA_PIECE_LENGTH);
    const served = this.#served.get(peer) ?? 0;
    const isTooMany =
      served >= pieceCount * SERVE_FACTOR || peer.transport.bufferedLength >= UNSENT_LIMIT;
    if (infoBytes === undefined || piece >= pieceCount || isTooMany)
      return this.#reject(peer, piece);
    this.#served.set(peer, served + 1);
    const start = piece * METADATA_PIECE_LENGTH;
    const bytes = infoBytes.subarray(start, start + METADATA_PIECE_LENGTH);
    const message = { type: 'data', piece, totalLength: infoBytes.length, bytes } as const;
    sendExtension(peer, this.name, encodeMetadataMessage(message));
  }

  #reject(peer: PeerConnection, piece: number): void {
    const rejected = this.#rejected.get(peer) ?? new MessageCount(MINUTE_MS);
    this.#rejected.set(peer, rejected);
    const count = rejected.add(this.#options.clock.nowMs());
    if (count > REJECT_LIMIT)
      throw new WireError('flood', `${count} requests for metadata rejected in a minute`);
    sendExtension(peer, this.name, encodeMetadataMessage({ type: 'reject', piece }));
  }
}
