/** The connected peers of one torrent: who they are, what they have, how they come and go. */
import type { Bitfield, Clock, PeerAddress, PeerId, PieceIndex, PieceLayout } from '@shoal/units';
import type { PeerKey } from '../picking/active-piece.ts';
import type { PieceTracker } from '../picking/piece-tracker.ts';
import type { PeerSource } from '../state/snapshot.ts';
import { Admission, type Refusal } from './admission.ts';
import { Aliases } from './aliases.ts';
import type { BanList } from './ban-list.ts';
import { FormerPeers, type KnownBy, peerName } from './former-peers.ts';
import type { Established } from './handshake-exchange.ts';
import { HaveExchange } from './have-exchange.ts';
import { PeerConnection } from './peer-connection.ts';
import type { BlockReceiver, PeerHost, PeerListener, RequestReceiver } from './peer-host.ts';
import type { Parting, PeerPool } from './peer-pool.ts';
import { Places } from './places.ts';
import { dueOfSilence } from './silence.ts';

const TWICE = 'connected twice';

/** What the swarm tells its torrent. */
export interface SwarmListener {
  /** The connection stands; nothing was sent on it yet. */
  handleJoined(peer: PeerConnection): void;
  handleLeft(peer: PeerConnection, reason: string): void;
  handleInterest(peer: PeerConnection): void;
  /** It has something new for us: ask it. */
  handleUseful(peer: PeerConnection): void;
  /** It has all pieces. */
  handleSeeder(peer: PeerConnection): void;
  handleExtended(peer: PeerConnection, extendedId: number, payload: Uint8Array): void;
  handlePort(peer: PeerConnection, port: number): void;
}

export interface SwarmOptions {
  readonly clock: Clock;
  readonly pool: PeerPool;
  readonly bans: BanList;
  readonly ourPeerId: PeerId;
  readonly listener: SwarmListener;
}

export class Swarm implements PeerListener<PeerConnection> {
  readonly #options: SwarmOptions;
  readonly #peers = new Map<PeerKey, PeerConnection>();
  readonly #former = new FormerPeers();
  readonly #aliases = new Aliases();
  readonly #admission: Admission;
  readonly #places: Places;
  readonly #host: PeerHost<PeerConnection> & {
    blocks: BlockReceiver<PeerConnection> | undefined;
    requests: RequestReceiver<PeerConnection> | undefined;
  };
  #layout: PieceLayout | undefined;
  #haves: HaveExchange | undefined;
  #nextKey = 1;
  #isLeaving = false;

  constructor(options: SwarmOptions) {
    this.#options = options;
    const { clock, pool } = options;
    this.#admission = new Admission(options);
    this.#places = new Places((peer) => pool.priorityOf(peer.listenAddress ?? peer.address) ?? 0);
    this.#host = {
      listener: this,
      blocks: undefined,
      requests: undefined,
      nowMs: () => clock.nowMs(),
    };
  }

  peers(): IterableIterator<PeerConnection> {
    return this.#peers.values();
  }

  get size(): number {
    return this.#peers.size;
  }

  get seederCount(): number {
    let count = 0;
    for (const peer of this.#peers.values()) if (peer.isSeeder) count++;
    return count;
  }

  /** The metadata is there: from now on pieces mean something. */
  setContent(
    pieces: PieceTracker,
    blocks: BlockReceiver<PeerConnection>,
    requests: RequestReceiver<PeerConnection>,
  ): void {
    const { clock, listener } = this.#options;
    this.#layout = pieces.layout;
    this.#haves = new HaveExchange({
      tracker: pieces,
      clock,
      peers: () => this.#peers.values(),
      handleUseful: (peer) => listener.handleUseful(peer),
      handleSeeder: (peer) => listener.handleSeeder(peer),
    });
    this.#host.blocks = blocks;
    this.#host.requests = requests;
    for (const peer of [...this.#peers.values()]) peer.setLayout(pieces.layout);
  }

  /** Who has what; undefined until the metadata is there. */
  get haves(): HaveExchange | undefined {
    return this.#haves;
  }

  get layout(): PieceLayout | undefined {
    return this.#layout;
  }

  /**
   * Takes an established connection in, or closes it: ourselves, a peer that is here already, a
   * banned one, or one too many.
   * @returns why it was closed
   */
  join(established: Established, source: PeerSource): Refusal | undefined {
    const { theirs, transport, isEncrypted } = established;
    const { pool } = this.#options;
    const refusal = this.#admit(established);
    if (refusal !== undefined) {
      transport.close();
      if (transport.incoming) return refusal;
      if (refusal === 'self' || refusal === 'banned') pool.avoid(transport.remote);
      else if (refusal === 'here already') {
        this.#aliases.add(theirs.peerId, transport.remote);
        pool.rest(transport.remote);
      } else pool.failed(transport.remote, this.#host.nowMs());
      return refusal;
    }
    const peer = new PeerConnection({
      key: this.#nextKey++,
      host: this.#host,
      transport,
      source,
      peerId: theirs.peerId,
      layout: this.layout,
      fast: theirs.supportsFast,
      extended: theirs.supportsExtended,
      dht: theirs.supportsDht,
      isEncrypted,
    });
    this.#peers.set(peer.key, peer);
    if (!transport.incoming) pool.connected(transport.remote, this.#host.nowMs());
    this.#options.listener.handleJoined(peer);
    established.attach(peer);
    return undefined;
  }

  find(address: PeerAddress): PeerConnection | undefined {
    for (const peer of this.#peers.values()) {
      const { listenAddress } = peer;
      if (isSame(peer.address, address)) return peer;
      if (listenAddress !== undefined && isSame(listenAddress, address)) return peer;
    }
    return undefined;
  }

  /** The peer of a key, connected or gone: one text for all its connections. */
  nameOf(key: PeerKey): string | undefined {
    const peer = this.#peers.get(key) ?? this.#former.get(key);
    return peer && peerName(peer);
  }

  /**
   * Bans a peer for good, by its name, and closes its connection. Others of its IP address stay
   * until they are found guilty themselves.
   */
  banPeer(name: string, reason: string): PeerConnection[] {
    const { bans, pool } = this.#options;
    const isMeant = (peer: KnownBy): boolean => peerName(peer) === name;
    const connected = [...this.#peers.values()].filter(isMeant);
    for (const peer of [...connected, ...[...this.#former.values()].filter(isMeant)]) {
      if (bans.banPeer(peer, reason)) pool.ban(peer.address.host);
      else if (peer.dialled !== undefined) pool.avoid(peer.dialled);
    }
    return closed(connected, reason);
  }

  /** Bans an IP address for good and closes all its connections. */
  banHost(host: string, reason: string): PeerConnection[] {
    this.#options.bans.banHost(host, reason);
    this.#options.pool.ban(host);
    const connected = [...this.#peers.values()].filter((peer) => peer.address.host === host);
    return closed(connected, reason);
  }

  /** Lets the peer go that is of the least use. @returns false when all are of some */
  makeRoom(): boolean {
    const peer = this.#places.leastUseful(this.#peers.values(), this.#host.nowMs());
    peer?.close('made room for another peer');
    return peer !== undefined;
  }

  /** Lets an IP address in again. */
  forgiveHost(host: string): void {
    this.#options.bans.forgiveHost(host);
    this.#options.pool.forgive(host);
  }

  /** Closes the connection with a peer, and takes none of its addresses any more. */
  avoid(peer: PeerConnection, reason: string): void {
    const { pool } = this.#options;
    const known = [peer.address, peer.listenAddress, ...this.#aliases.take(peer.peerId)];
    for (const address of known) if (address !== undefined) pool.avoid(address);
    peer.close(reason);
  }

  /** We leave: whoever is here now may be dialled at once when we come back. */
  closeAll(reason: string): void {
    this.#isLeaving = true;
    for (const peer of [...this.#peers.values()]) peer.close(reason);
    this.#isLeaving = false;
  }

  /** Once a second: meters, keep-alives, and those that fell silent. */
  tick(nowMs: number): void {
    this.#places.tick(this.#peers.values(), nowMs);
    for (const peer of [...this.#peers.values()]) {
      peer.down.tick(nowMs);
      peer.up.tick(nowMs);
      const due = dueOfSilence({
        receivedMs: nowMs - peer.lastReceivedAtMs,
        sentMs: nowMs - peer.lastSentAtMs,
        isInBlock: peer.requests.arrivingPiece !== undefined,
      });
      if (due?.type === 'close') peer.close(due.reason);
      else if (due !== undefined) peer.send(due);
    }
  }

  // From the connections.

  handleBitfield(peer: PeerConnection, pieces: Bitfield): void {
    this.#haves?.handleBitfield(peer, pieces);
  }

  handleHave(peer: PeerConnection, pieceIndex: PieceIndex): void {
    this.#haves?.handleHave(peer, pieceIndex);
  }

  handleInterest(peer: PeerConnection): void {
    this.#options.listener.handleInterest(peer);
  }

  handleExtended(peer: PeerConnection, extendedId: number, payload: Uint8Array): void {
    this.#options.listener.handleExtended(peer, extendedId, payload);
  }

  handlePort(peer: PeerConnection, port: number): void {
    this.#options.listener.handlePort(peer, port);
  }

  handleClosed(peer: PeerConnection, reason: string): void {
    this.#peers.delete(peer.key);
    if (peer.brokeProtocol) this.#admission.handleFault(peer, this.#host.nowMs());
    this.#former.add(peer.key, peer);
    this.#haves?.handleLeft(peer);
    const { pool } = this.#options;
    const address = peer.listenAddress;
    const nowMs = this.#host.nowMs();
    const parting = this.#isLeaving ? 'left' : reason === 'both complete' ? 'done' : 'lost';
    if (address !== undefined) pool.disconnected(address, nowMs, parting);
    if (reason !== TWICE) this.#leaveAliases(peer.peerId, parting);
    this.#options.listener.handleLeft(peer, reason);
  }

  /** The peer is not here any more: if it is worth a dial, then at its other addresses at once. */
  #leaveAliases(peerId: PeerId, parting: Parting): void {
    const { pool } = this.#options;
    for (const address of this.#aliases.take(peerId))
      if (parting === 'done') pool.disconnected(address, this.#host.nowMs(), parting);
      else pool.wake(address, this.#host.nowMs());
  }

  /** Lets those go that make way for it. @returns why it is not taken in */
  #admit({ theirs, transport }: Established): Refusal | undefined {
    const { remote: address, incoming } = transport;
    const dialled = incoming ? undefined : address;
    const newcomer = { address, peerId: theirs.peerId, dialled };
    const nowMs = this.#host.nowMs();
    const { refusal, replaced, isFull } = this.#admission.decide(newcomer, this.peers(), nowMs);
    for (const peer of replaced) peer.close(TWICE);
    return isFull && !this.makeRoom() ? 'too many' : refusal;
  }
}

function closed(banned: PeerConnection[], reason: string): PeerConnection[] {
  for (const peer of banned) peer.close(`banned: ${reason}`);
  return banned;
}

function isSame(a: PeerAddress, b: PeerAddress): boolean {
  return a.port === b.port && a.host === b.host;
}
