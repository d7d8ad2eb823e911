/** The network side of one torrent: finds peers, keeps connections, serves by turns. */
import type { TrackerAnnouncer } from '@shoal/tracker/client';
import { formatPeerAddress, type InfoHash, type PeerAddress, type PieceIndex } from '@shoal/units';
import { type Handshake, PEX_FLAG, type PexPeer, WireError } from '@shoal/wire';
import type { Content } from './content.ts';
import { TorrentExtensions } from './extensions/torrent-extensions.ts';
import { sendAllowedFast } from './peers/allowed-fast.ts';
import { BanList } from './peers/ban-list.ts';
import { ChokeRounds } from './peers/choke-rounds.ts';
import { Dialer } from './peers/dialer.ts';
import { peerName } from './peers/former-peers.ts';
import type { Established } from './peers/handshake-exchange.ts';
import { ManualDials, refused, tryHandshake } from './peers/manual-dials.ts';
import type { PeerConnection } from './peers/peer-connection.ts';
import { PeerPool } from './peers/peer-pool.ts';
import { CONNECTION_LIMIT, type Refusal, Swarm, type SwarmListener } from './peers/swarm.ts';
import { TrackerSource } from './sources/tracker-source.ts';
import type { SourcedPeer } from './state/resume.ts';
import type { PeerSource } from './state/snapshot.ts';
import type { TorrentParts } from './torrent-parts.ts';
import type { TorrentReporter } from './torrent-reporter.ts';

/** Peers asked of a tracker at a time (BEP 3 names 50 as the usual number). */
const NUM_WANT = 50;
const BANNED_BY_HAND = 'by hand';

/** Whom a private torrent does not learn of peers from (BEP 27). */
const PUBLIC_SOURCES: ReadonlySet<PeerSource> = new Set(['dht', 'lsd', 'pex']);

export interface TorrentNetworkOptions {
  readonly infoHash: InfoHash;
  readonly parts: TorrentParts;
  readonly tiers: readonly (readonly string[])[];
  readonly reporter: TorrentReporter;
  content(): Content | undefined;
  stats(): { readonly uploaded: number; readonly downloaded: number; readonly left: number };
  /** The info dict came from peers. */
  handleInfo(infoBytes: Uint8Array): void;
}

export class TorrentNetwork implements SwarmListener {
  readonly pool: PeerPool;
  readonly bans = new BanList();
  readonly swarm: Swarm;
  readonly chokes: ChokeRounds;
  readonly #options: TorrentNetworkOptions;
  readonly #trackers: TrackerSource;
  readonly #dialer: Dialer;
  readonly #manual = new ManualDials();
  readonly #extensions: TorrentExtensions;
  #isOpen = false;

  constructor(options: TorrentNetworkOptions) {
    this.#options = options;
    const { infoHash, parts, content, reporter, tiers, stats } = options;
    const { clock, random, network, peerId, encryption } = parts;
    this.pool = new PeerPool({ random });
    const { pool, bans } = this;
    this.swarm = new Swarm({ clock, pool, bans, ourPeerId: peerId, listener: this });
    for (const host of parts.bannedHosts()) this.swarm.banHost(host, BANNED_BY_HAND);
    this.chokes = new ChokeRounds({
      clock,
      random,
      peers: () => this.swarm.peers(),
      isSeeding: () => content()?.tracker.isDone ?? false,
      handleChoked: (peer) => content()?.uploader.rejectChoked(peer),
    });
    this.#dialer = new Dialer({
      pool,
      network,
      clock,
      random,
      ours: this.handshake,
      encryption,
      handleEstablished: (established) => this.#handleDialled(established),
      handleFailed: (address, reason) => {
        pool.failed(address, clock.nowMs());
        this.#manual.handleFailed(address, reason);
      },
    });
    this.#extensions = new TorrentExtensions({
      infoHash,
      parts,
      swarm: this.swarm,
      content,
      handleInfo: options.handleInfo,
      handleListens: (address) => {
        pool.add(address, 'incoming', clock.nowMs());
        pool.connected(address);
      },
      handleLiar: (peer) => this.banPeer(peerName(peer), 'sent false metadata'),
      handleUploadOnly: (peer) => this.handleSeeder(peer),
      handlePeers: (peers) => this.#handleExchanged(peers),
    });
    this.#trackers = new TrackerSource({
      infoHash,
      parts,
      tiers,
      reporter,
      stats,
      wantedPeerCount: () => (this.#isFull ? 0 : NUM_WANT),
      handlePeers: (addresses) => this.addPeers(addresses, 'tracker'),
    });
  }

  get announcer(): TrackerAnnouncer {
    return this.#trackers.announcer;
  }

  get handshake(): Handshake {
    const { infoHash, parts } = this.#options;
    return {
      infoHash,
      peerId: parts.peerId,
      supportsFast: true,
      supportsExtended: true,
      supportsDht: !this.#isPrivate && parts.discoveries.some(({ source }) => source === 'dht'),
    };
  }

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#dialer.open();
    this.announcer.start();
    if (!this.#isPrivate)
      for (const discovery of this.#options.parts.discoveries)
        discovery.join(this.#options.infoHash);
    this.#dial();
  }

  /** Says goodbye to trackers and peers. Resolves when the trackers have heard it. */
  async close(reason: string): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#leaveDiscoveries();
    this.#dialer.close();
    this.swarm.closeAll(reason);
    await this.announcer.stop();
  }

  addPeers(addresses: readonly PeerAddress[], source: PeerSource): void {
    if (this.#isPrivate && PUBLIC_SOURCES.has(source)) return;
    const nowMs = this.#options.parts.clock.nowMs();
    for (const address of addresses)
      if (!this.bans.hasAddress(address)) this.pool.add(address, source, nowMs);
    this.#dial();
  }

  /** An address of the user's: connected to now, and again when it is lost. */
  keepPeer(address: PeerAddress): void {
    this.pool.keep(address);
    this.#dial();
  }

  /** The addresses of the last run, each as it was learnt: the user's are kept on. */
  restorePeers(peers: readonly SourcedPeer[]): void {
    for (const { address, source } of peers)
      if (source === 'manual') this.keepPeer(address);
      else this.addPeers([address], source);
  }

  /**
   * Connects to an address of the user's at once.
   * @throws EngineError `connect-failed`, `peer-banned`, `peer-refused`
   */
  async dialNow(address: PeerAddress): Promise<PeerConnection> {
    if (this.bans.hasAddress(address)) throw refused(address, 'banned');
    const connected = this.#manual.wait(address);
    this.pool.keep(address);
    this.#dialer.open();
    this.#dialer.dialNow(address);
    return connected;
  }

  /** Connects, shakes hands, hangs up. @throws EngineError `connect-failed`, `peer-banned` */
  async tryHandshake(address: PeerAddress): Promise<void> {
    if (this.bans.hasAddress(address)) throw refused(address, 'banned');
    return tryHandshake(address, this.handshake, this.#options.parts);
  }

  /** A round trip over an open connection. @returns false when the peer speaks nothing we could ask */
  async ask(peer: PeerConnection): Promise<boolean> {
    const answer = this.#extensions.metadata.ask(peer);
    if (answer === undefined) return false;
    await answer;
    return true;
  }

  /** Resolves when a tracker has answered, when all that were asked have failed, or in `limitMs`. */
  announced(limitMs: number): Promise<void> {
    return this.#trackers.announced(limitMs);
  }

  /** @returns why it was not taken in */
  join(established: Established, source: PeerSource): Refusal | undefined {
    if (this.#isOpen) return this.swarm.join(established, source);
    established.transport.close();
    return 'not running';
  }

  /** @param name - what the swarm calls the peer */
  banPeer(name: string, reason: string): void {
    for (const peer of this.swarm.banPeer(name, reason))
      this.#options.reporter.banned(peer, reason);
  }

  /** A person's ban of an IP address. */
  banHost(host: string): void {
    for (const peer of this.swarm.banHost(host, BANNED_BY_HAND))
      this.#options.reporter.banned(peer, BANNED_BY_HAND);
  }

  /** The metadata is there: connections learn of it. */
  setContent(content: Content): void {
    this.swarm.setContent(content.tracker, content.downloader, content.uploader);
    this.#reintroduce();
    if (content.info.isPrivate) this.#becomePrivate();
  }

  /** We have all we want: seeders have nothing for us, and we have nothing for them. */
  becomeSeeder(): void {
    this.pool.setSeeding(true);
    for (const peer of [...this.swarm.peers()]) {
      if (this.#isRedundant(peer)) peer.close('both complete');
      else this.#extensions.host.sendHandshake(peer);
    }
  }

  /** More is wanted than was before. */
  becomeLeecher(): void {
    this.pool.setSeeding(false);
    this.#reintroduce();
  }

  /** Takes back a piece that turned out to be bad on disk. */
  retract(pieceIndex: PieceIndex): void {
    this.#extensions.retract(pieceIndex);
  }

  /** Addresses worth keeping for the next run: the user's first, then connected ones. */
  knownPeers(): SourcedPeer[] {
    const known = [...this.pool.entries()];
    const connected = [...this.swarm.peers()].flatMap(({ listenAddress: address, source }) =>
      address === undefined ? [] : { address, source: this.pool.sourceOf(address) ?? source },
    );
    const inOrder = [...known.filter(({ isKept }) => isKept), ...connected, ...known];
    const byName = new Map<string, SourcedPeer>();
    for (const { address, source } of inOrder)
      if (!byName.has(formatPeerAddress(address)))
        byName.set(formatPeerAddress(address), { address, source });
    return [...byName.values()];
  }

  /** Once a second. */
  tick(nowMs: number): void {
    this.pool.setOwn(this.#options.parts.ownAddress.addresses);
    this.swarm.tick(nowMs);
    this.#makeRoom(nowMs);
    if (this.swarm.size > 0) this.chokes.tick(nowMs);
    this.#extensions.tick();
    this.#dial();
  }

  // From the swarm.

  handleJoined(peer: PeerConnection): void {
    peer.transport.cork();
    this.#extensions.host.sendHandshake(peer);
    this.#sendPieces(peer);
    this.#sendNode(peer);
    peer.transport.uncork();
    this.#options.reporter.joined(peer);
    this.#manual.handleJoined(peer);
  }

  handleLeft(peer: PeerConnection, reason: string): void {
    const content = this.#options.content();
    content?.downloader.forget(peer);
    // With nobody to serve, a torrent keeps no memory for it: there may be thousands.
    if (this.swarm.size === 0) content?.uploader.rest();
    this.#extensions.host.handleLeft(peer);
    this.chokes.fillSlots();
    this.#options.reporter.left(peer, reason);
    this.#dial();
  }

  handleInterest(peer: PeerConnection): void {
    this.chokes.fillSlots();
    const have = this.#options.content()?.tracker.have;
    const waits = peer.session.peerInterested && peer.session.amChoking;
    if (have !== undefined && waits && peer.allowedToThem.size === 0)
      sendAllowedFast(peer, this.#options.infoHash, have);
  }

  handleUseful(peer: PeerConnection): void {
    this.#options.content()?.downloader.refill(peer);
  }

  handleSeeder(peer: PeerConnection): void {
    if (this.#isRedundant(peer)) peer.close('both complete');
  }

  handleExtended(peer: PeerConnection, extendedId: number, payload: Uint8Array): void {
    try {
      this.#extensions.host.handleExtended(peer, extendedId, payload);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      peer.close(error.message);
    }
  }

  /** The peer runs a DHT node: another way into the network (BEP 5). */
  handlePort(peer: PeerConnection, port: number): void {
    if (this.#isPrivate) return;
    for (const discovery of this.#options.parts.discoveries)
      discovery.addNode?.({ ...peer.address, port });
  }

  get #isPrivate(): boolean {
    return this.#options.content()?.info.isPrivate ?? false;
  }

  get #isFull(): boolean {
    return this.swarm.size >= CONNECTION_LIMIT;
  }

  #sendPieces(peer: PeerConnection): void {
    const have = this.#options.content()?.tracker.have;
    if (peer.supportsFast && (have === undefined || have.count === 0))
      peer.send({ type: 'have-none' });
    else if (peer.supportsFast && have?.isFull) peer.send({ type: 'have-all' });
    else if (have !== undefined && have.count > 0)
      peer.send({ type: 'bitfield', bytes: have.bytes.slice() });
  }

  /** Says where our DHT node is: another way into the network (BEP 5). */
  #sendNode(peer: PeerConnection): void {
    if (!peer.supportsDht || this.#isPrivate) return;
    for (const { port } of this.#options.parts.discoveries)
      if (port !== undefined) peer.send({ type: 'port', port });
  }

  #handleDialled(established: Established): void {
    const { remote } = established.transport;
    const refusal = this.join(established, this.pool.sourceOf(remote) ?? 'tracker');
    if (refusal !== undefined) this.#manual.handleRefused(remote, refusal);
  }

  #handleExchanged(peers: readonly PexPeer[]): void {
    const nowMs = this.#options.parts.clock.nowMs();
    for (const { address, flags } of peers) {
      const isSeeder = (flags & PEX_FLAG.seeder) !== 0;
      if (!this.bans.hasAddress(address)) this.pool.add(address, 'pex', nowMs, { isSeeder });
    }
    this.#dial();
  }

  /** A magnet did not know that it is: nobody else is told from now on, and who came so goes. */
  #becomePrivate(): void {
    this.#leaveDiscoveries();
    for (const peer of [...this.swarm.peers()])
      if (PUBLIC_SOURCES.has(peer.source)) peer.close('the torrent is private');
    this.pool.forgetFrom(PUBLIC_SOURCES);
  }

  /** What we said of ourselves has changed: the length of the metadata, or that we want nothing. */
  #reintroduce(): void {
    for (const peer of this.swarm.peers()) this.#extensions.host.sendHandshake(peer);
  }

  #leaveDiscoveries(): void {
    for (const discovery of this.#options.parts.discoveries)
      discovery.leave(this.#options.infoHash);
  }

  #isRedundant(peer: PeerConnection): boolean {
    const content = this.#options.content();
    return (peer.isSeeder || peer.isUploadOnly) && (content?.tracker.isDone ?? false);
  }

  /** What we lack may be at an address that is not dialled while all places are taken. */
  #makeRoom(nowMs: number): void {
    const isDone = this.#options.content()?.tracker.isDone ?? false;
    if (!this.#isOpen || !this.#isFull || isDone) return;
    if (this.pool.nextReadyAtMs(nowMs) === nowMs) this.swarm.makeRoom();
  }

  #dial(): void {
    if (this.#isOpen && !this.#isFull) this.#dialer.fill(CONNECTION_LIMIT - this.swarm.size);
  }
}
