/** The extensions one torrent speaks, and the host that routes their messages. BEP 10. */
import type { InfoHash, PeerAddress, PieceIndex } from '@shoal/units';
import type { PexPeer } from '@shoal/wire';
import type { Content } from '../content.ts';
import type { PeerConnection } from '../peers/peer-connection.ts';
import type { Swarm } from '../peers/swarm.ts';
import type { TorrentParts } from '../torrent-parts.ts';
import { DontHave } from './dont-have.ts';
import { ExtensionHost, type PeerExtension } from './extension-host.ts';
import { MetadataExtension } from './metadata-extension.ts';
import { PeerExchange } from './peer-exchange.ts';

export interface TorrentExtensionsOptions {
  readonly infoHash: InfoHash;
  readonly parts: TorrentParts;
  readonly swarm: Swarm;
  content(): Content | undefined;
  /** The info dict came from peers. */
  handleInfo(infoBytes: Uint8Array): void;
  /** A peer that dialled us says where it listens. */
  handleListens(address: PeerAddress): void;
  handleLiar(peer: PeerConnection): void;
  /** A peer says that it wants nothing more (BEP 21). */
  handleUploadOnly(peer: PeerConnection): void;
  handlePeers(peers: readonly PexPeer[]): void;
}

export class TorrentExtensions {
  readonly metadata: MetadataExtension;
  readonly host: ExtensionHost;
  readonly #peerExchange: PeerExchange;
  readonly #dontHave: DontHave;

  constructor(options: TorrentExtensionsOptions) {
    const { infoHash, parts, swarm, content } = options;
    const { clock, userAgent, port } = parts;
    const peers = () => swarm.peers();
    this.metadata = new MetadataExtension({
      infoHash,
      clock,
      peers,
      infoBytes: () => content()?.info.infoBytes,
      handleInfo: options.handleInfo,
      handleLiar: options.handleLiar,
    });
    this.#peerExchange = new PeerExchange({
      clock,
      peers,
      isOff: () => !parts.usesPeerExchange || (content()?.info.isPrivate ?? false),
      handlePeers: options.handlePeers,
    });
    this.#dontHave = new DontHave(swarm);
    this.host = new ExtensionHost({
      userAgent,
      port,
      extensions: () => this.#inUse(),
      handleListens: options.handleListens,
      handleOwnAddress: (peer, ip) => parts.ownAddress.handleTold(peer.address.host, ip),
      metadataLength: () => content()?.info.infoBytes.length,
      handleUploadOnly: options.handleUploadOnly,
      isUploadOnly: () => content()?.isDone ?? false,
    });
  }

  /** Once a second. */
  tick(): void {
    this.metadata.tick();
    this.#peerExchange.tick();
  }

  /** Takes back what we said of a piece: it turned out to be bad on disk. */
  retract(pieceIndex: PieceIndex): void {
    this.#dontHave.announce(pieceIndex);
  }

  #inUse(): readonly PeerExtension[] {
    const always = [this.metadata, this.#dontHave];
    return this.#peerExchange.isOff ? always : [...always, this.#peerExchange];
  }
}
