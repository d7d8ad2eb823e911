/** The extension protocol of one torrent: our extended handshake, and who gets which message. BEP 10. */

import { type PeerAddress, parseIp } from '@shoal/units';
import {
  decodeExtendedHandshake,
  type ExtendedHandshake,
  encodeExtendedHandshake,
} from '@shoal/wire';
import type { PeerConnection } from '../peers/peer-connection.ts';

/** Requests we take from one peer (BEP 10 `reqq`): as many as the upload queue holds. */
const REQUEST_QUEUE_LENGTH = 2_000;

/** One extension: its name in the handshake, and the id by which we want to be sent its messages. */
export interface PeerExtension {
  readonly name: string;
  /** 1..255, of our choice. */
  readonly id: number;
  /** The peer's extended handshake came (again): it may speak this extension now. */
  handleHandshake?(peer: PeerConnection, handshake: ExtendedHandshake): void;
  /** @throws WireError to close the peer */
  handleMessage(peer: PeerConnection, payload: Uint8Array): void;
  handleLeft?(peer: PeerConnection): void;
}

export interface ExtensionHostOptions {
  readonly userAgent: string;
  readonly port: number;
  /** Those in use: a private torrent has no peer exchange. */
  extensions(): readonly PeerExtension[];
  /** Bytes of the info dict, once known. */
  metadataLength(): number | undefined;
  /** A peer that dialled us says where it listens. */
  handleListens(address: PeerAddress): void;
  /** A peer says under which address it sees us: 4 or 16 bytes. */
  handleOwnAddress(peer: PeerConnection, ip: Uint8Array): void;
  /** We want nothing more (BEP 21). */
  isUploadOnly(): boolean;
  /** A peer says that it wants nothing more. */
  handleUploadOnly(peer: PeerConnection): void;
}

export class ExtensionHost {
  readonly #options: ExtensionHostOptions;

  constructor(options: ExtensionHostOptions) {
    this.#options = options;
  }

  /**
   * Introduces us: the first message on a connection whose both sides speak BEP 10, and again when
   * something in it has changed. Always whole, though BEP 10 lets later ones be short: libtorrent takes
   * an extension that is not named again for switched off.
   */
  sendHandshake(peer: PeerConnection): void {
    if (!peer.supportsExtended) return;
    const { userAgent, port, extensions, metadataLength, isUploadOnly } = this.#options;
    const metadata = metadataLength();
    const payload = encodeExtendedHandshake({
      extensions: new Map(extensions().map(({ name, id }) => [name, id])),
      client: userAgent,
      port,
      requestQueueLength: REQUEST_QUEUE_LENGTH,
      yourIp: parseIp(peer.address.host)!,
      ...(metadata === undefined ? {} : { metadataLength: metadata }),
      uploadOnly: isUploadOnly(),
    });
    peer.send({ type: 'extended', extendedId: 0, payload });
  }

  /** @throws WireError for a broken payload */
  handleExtended(peer: PeerConnection, extendedId: number, payload: Uint8Array): void {
    if (extendedId === 0) return this.#handleHandshake(peer, decodeExtendedHandshake(payload));
    const extension = this.#options.extensions().find(({ id }) => id === extendedId);
    extension?.handleMessage(peer, payload);
  }

  handleLeft(peer: PeerConnection): void {
    for (const extension of this.#options.extensions()) extension.handleLeft?.(peer);
  }

  #handleHandshake(peer: PeerConnection, handshake: ExtendedHandshake): void {
    // Names that we do not know are not kept: a peer may make them up for ever.
    const named = this.#options.extensions().flatMap(({ name }) => {
      const id = handshake.extensions.get(name);
      return id === undefined ? [] : [[name, id] as const];
    });
    peer.extensions = new Map([...peer.extensions, ...named]);
    if (handshake.client !== undefined && handshake.client !== '')
      peer.clientName = handshake.client;
    if (handshake.requestQueueLength !== undefined)
      peer.requests.limit = Math.min(handshake.requestQueueLength, REQUEST_QUEUE_LENGTH);
    if (handshake.port !== undefined && peer.listenAddress === undefined) {
      peer.listenAddress = { ...peer.address, port: handshake.port };
      this.#options.handleListens(peer.listenAddress);
    }
    if (handshake.yourIp !== undefined) this.#options.handleOwnAddress(peer, handshake.yourIp);
    if (handshake.uploadOnly !== undefined) peer.isUploadOnly = handshake.uploadOnly;
    for (const extension of this.#options.extensions())
      extension.handleHandshake?.(peer, handshake);
    if (peer.isUploadOnly) this.#options.handleUploadOnly(peer);
  }
}

/** Sends a message of an extension that the peer speaks; otherwise nothing. */
export function sendExtension(peer: PeerConnection, name: string, payload: Uint8Array): boolean {
  const extendedId = peer.extensions.get(name);
  if (extendedId === undefined || extendedId === 0) return false;
  peer.send({ type: 'extended', extendedId, payload });
  return true;
}
