/** The network side of one torrent: finds peers, keeps connections, serves by turns. */
import type { InfoHash, PeerAddress, PieceIndex } from '@shoal/units';
import type { Handshake } from '@shoal/wire';
import type { Content } from './content.ts';
import { TorrentExtensions } from './extensions/torrent-extensions.ts';
import type { Refusal } from './peers/admission.ts';
import { sendAllowedFast } from './peers/allowed-fast.ts';
import { BanList } from './peers/ban-list.ts';
import { ChokeRounds } from './peers/choke-rounds.ts';
import { Connector } from './peers/connector.ts';
import { peerName } from './peers/former-peers.ts';
import { greeting } from './peers/greeting.ts';
import type { Established } from './peers/handshake-exchange.ts';
import type { PeerConnection } from './peers/peer-connection.ts';
import { PeerPool } from './peers/peer-pool.ts';
import { Swarm, type SwarmListener } from './peers/swarm.ts';
import { worthKeeping } from './peers/worth-keeping.ts';
import { AddressSources, PUBLIC_SOURCES } from './sources/address-sources.ts';
import type { SourcedPeer } from './state/resume.ts';
import type { PeerSource } from './state/snapshot.ts';
import type { TorrentParts } from './torrent-parts.ts';
import type { TorrentReporter } from './torrent-reporter.ts';

const BANNED_BY_HAND = 'by hand';

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
  readonly sources: AddressSources;
  readonly connector: Connector;
  readonly #options: TorrentNetworkOptions;
  readonly #extensions: TorrentExtensions;

  constructor(options: TorrentNetworkOptions) {
    this.#options = options;
    const { infoHash, parts, content } = options;
    const { clock, random } = parts;
    this.pool = new PeerPool({ random });
    const { pool, bans } = this;
    this.swarm = new Swarm({ clock, pool, bans, ourPeerId: parts.peerId, listener: this });
    for (const host of parts.bannedHosts()) this.swarm.banHost(host, BANNED_BY_HAND);
    this.chokes = new ChokeRounds({
      clock,
      random,
      peers: () => this.swarm.peers(),
      isSeeding: () => this.#isDone,
      handleChoked: (peer) => content()?.uploader.rejectChoked(peer),
    });
    this.sources = new AddressSources({
      ...options,
      pool,
      bans,
      isPrivate: () => content()?.info.isPrivate ?? false,
      isFull: () => this.connector.isFull,
      handleFound: () => this.connector.fill(),
    });
    this.connector = new Connector({
      parts,
      pool,
      bans,
      swarm: this.swarm,
      ours: () => this.handshake,
      isDone: () => this.#isDone,
      join: (established, source) => this.join(established, source),
    });
    this.#extensions = new TorrentExtensions({
      infoHash,
      parts,
      swarm: this.swarm,
      content,
      handleInfo: options.handleInfo,
      handleListens: (address) => {
        pool.add(address, 'incoming', clock.nowMs());
        pool.connected(address, clock.nowMs());
      },
      handleLiar: (peer) => this.banPeer(peerName(peer), 'sent false metadata'),
      handleUploadOnly: (peer) => this.handleSeeder(peer),
      handlePeers: (peers) => this.sources.addExchanged(peers),
    });
  }

  get handshake(): Handshake {
    const { infoHash, parts } = this.#options;
    return {
      infoHash,
      peerId: parts.peerId,
      supportsFast: true,
      supportsExtended: true,
      supportsDht: this.sources.usesDht,
    };
  }

  open(): void {
    if (this.connector.isOpen) return;
    this.connector.open();
    this.sources.open();
    this.connector.fill();
  }

  /** Says goodbye to trackers and peers. Resolves when the trackers have heard it. */
  async close(reason: string): Promise<void> {
    const { isOpen } = this.connector;
    // A person may wait for a peer though nothing runs.
    this.connector.close();
    if (!isOpen) return;
    this.swarm.closeAll(reason);
    await this.sources.close();
  }

  /** An address of the user's: connected to now, and again when it is lost. */
  keepPeer(address: PeerAddress): void {
    this.pool.keep(address);
    this.connector.fill();
  }

  /** The addresses of the last run, each as it was learnt: the user's are kept on. */
  restorePeers(peers: readonly SourcedPeer[]): void {
    for (const { address, source } of peers)
      if (source === 'manual') this.keepPeer(address);
      else this.sources.add([address], source);
  }

  /** A round trip over an open connection. @returns false when the peer speaks nothing we could ask */
  async ask(peer: PeerConnection): Promise<boolean> {
    const answer = this.#extensions.metadata.ask(peer);
    if (answer === undefined) return false;
    await answer;
    return true;
  }

  /** @returns why it was not taken in */
  join(established: Established, source: PeerSource): Refusal | undefined {
    if (this.connector.isOpen) return this.swarm.join(established, source);
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

  /** Addresses for the next run, the best first. */
  knownPeers(limit: number): SourcedPeer[] {
    return worthKeeping(this.pool, this.swarm.peers(), limit);
  }

  /** Once a second. */
  tick(nowMs: number): void {
    this.pool.setOwn(this.#options.parts.ownAddress.addresses);
    this.swarm.tick(nowMs);
    if (this.swarm.size > 0) this.chokes.tick(nowMs);
    this.#extensions.tick();
    this.connector.tick(nowMs);
  }

  // From the swarm.

  handleJoined(peer: PeerConnection): void {
    peer.transport.cork();
    this.#extensions.host.sendHandshake(peer);
    const have = this.#options.content()?.tracker.have;
    for (const message of greeting(peer, have, this.sources.nodePorts)) peer.send(message);
    peer.transport.uncork();
    this.#options.reporter.joined(peer);
    this.connector.handleJoined(peer);
  }

  handleLeft(peer: PeerConnection, reason: string): void {
    const content = this.#options.content();
    content?.downloader.forget(peer);
    // With nobody to serve, a torrent keeps no memory for it: there may be thousands.
    if (this.swarm.size === 0) content?.uploader.rest();
    this.#extensions.host.handleLeft(peer);
    this.chokes.fillSlots();
    this.#options.reporter.left(peer, reason);
    this.connector.fill();
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
    this.#extensions.host.handleExtended(peer, extendedId, payload);
  }

  /** The peer runs a DHT node: another way into the network (BEP 5). */
  handlePort(peer: PeerConnection, port: number): void {
    this.sources.addNode({ ...peer.address, port });
  }

  get #isDone(): boolean {
    return this.#options.content()?.isDone ?? false;
  }

  /** A magnet did not know that it is: nobody else is told from now on, and who came so goes. */
  #becomePrivate(): void {
    this.sources.becomePrivate();
    for (const peer of [...this.swarm.peers()])
      if (PUBLIC_SOURCES.has(peer.source)) peer.close('the torrent is private');
  }

  /** What we said of ourselves has changed: the length of the metadata, or that we want nothing. */
  #reintroduce(): void {
    for (const peer of this.swarm.peers()) this.#extensions.host.sendHandshake(peer);
  }

  #isRedundant(peer: PeerConnection): boolean {
    return (peer.isSeeder || peer.isUploadOnly) && this.#isDone;
  }
}
