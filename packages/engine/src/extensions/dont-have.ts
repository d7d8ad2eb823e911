/** Takes back a `have`: a piece that turned out to be bad on disk. BEP 54. */
import { decodeDontHave, EXTENSION_NAME, encodeDontHave } from '@shoal/wire';
import type { PeerConnection } from '../peers/peer-connection.ts';
import type { Swarm } from '../peers/swarm.ts';
import { type PeerExtension, sendExtension } from './extension-host.ts';

export class DontHave implements PeerExtension {
  readonly name = EXTENSION_NAME.dontHave;
  readonly id = 3;
  readonly #swarm: Swarm;

  constructor(swarm: Swarm) {
    this.#swarm = swarm;
  }

  handleMessage(peer: PeerConnection, payload: Uint8Array): void {
    const pieceIndex = this.#swarm.layout?.pieceIndex(decodeDontHave(payload));
    if (pieceIndex !== undefined) this.#swarm.haves?.handleDontHave(peer, pieceIndex);
  }

  /** Tells everyone who speaks it that we lost a piece. */
  announce(pieceIndex: number): void {
    for (const peer of this.#swarm.peers())
      sendExtension(peer, this.name, encodeDontHave(pieceIndex));
  }
}
