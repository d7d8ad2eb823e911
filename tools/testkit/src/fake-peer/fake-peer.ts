/** A peer of the swarm that does what a test says: serves, lies, falls silent or sends rubbish. */
import {
  Bitfield,
  type InfoHash,
  type Listener,
  type Network,
  type PeerAddress,
  type PeerId,
  type PieceLayout,
  toPeerId,
} from '@shoal/units';
import { encodeHandshake, type Message } from '@shoal/wire';
import { type Conduct, honest } from './conduct.ts';
import { FakeConnection } from './fake-connection.ts';

const DIAL_TIMEOUT_MS = 10_000;
const DEFAULT_PEER_ID = toPeerId(new TextEncoder().encode('-FK0001-000000000000'))!;

export interface FakePeerOptions {
  readonly network: Network;
  readonly infoHash: InfoHash;
  readonly layout: PieceLayout;
  /** The true bytes of the whole torrent. */
  readonly content: Uint8Array;
  /** How it answers requests; honest when left out. */
  readonly conduct?: Conduct;
  /** The pieces it says it has; all when left out. */
  readonly pieces?: readonly number[];
  /** It unchokes whoever is interested. Default true. */
  readonly unchokes?: boolean;
  /** It sends its handshake. Default true; otherwise it only listens. */
  readonly greets?: boolean;
  /** Default `-FK0001-` and twelve zeros. */
  readonly peerId?: PeerId;
  /** The bits of its handshake. Default false. */
  readonly supportsFast?: boolean;
  readonly supportsExtended?: boolean;
}

export class FakePeer {
  /** Every connection it ever had, the oldest first. */
  readonly connections: FakeConnection[] = [];
  readonly #options: FakePeerOptions;
  #listener: Listener | undefined;

  constructor(options: FakePeerOptions) {
    this.#options = options;
  }

  async dial(address: PeerAddress): Promise<FakeConnection> {
    const transport = await this.#options.network.dial(address, { timeoutMs: DIAL_TIMEOUT_MS });
    const connection = this.#adopt(new FakeConnection(transport, this));
    this.#greet(connection);
    return connection;
  }

  /** @returns where it listens */
  async listen(port = 0, host?: string): Promise<PeerAddress> {
    this.#listener = await this.#options.network.listen(port, host, (transport) =>
      this.#adopt(new FakeConnection(transport, this)),
    );
    return this.#listener.address;
  }

  /** Ends all connections and stops listening. */
  async close(): Promise<void> {
    for (const connection of this.connections) connection.close();
    await this.#listener?.close();
  }

  handleHandshake(connection: FakeConnection): void {
    if (connection.transport.incoming) this.#greet(connection);
  }

  handleMessage(connection: FakeConnection, message: Message): void {
    if (message.type === 'interested' && this.#options.unchokes !== false)
      connection.send({ type: 'unchoke' });
    if (message.type !== 'request') return;
    const { layout, content, conduct = honest } = this.#options;
    const offset = message.pieceIndex * layout.pieceLength + message.begin;
    const truth = new Uint8Array(content.subarray(offset, offset + message.length));
    const block = conduct(message, truth);
    if (block === undefined) return;
    const { pieceIndex, begin } = message;
    connection.send({ type: 'piece', pieceIndex, begin, block });
  }

  #adopt(connection: FakeConnection): FakeConnection {
    this.connections.push(connection);
    connection.transport.start(connection);
    return connection;
  }

  /** Handshake and bitfield. */
  #greet(connection: FakeConnection): void {
    const { infoHash, layout, pieces, greets, peerId } = this.#options;
    if (greets === false) return;
    connection.sendBytes(
      encodeHandshake({
        infoHash,
        peerId: peerId ?? DEFAULT_PEER_ID,
        supportsFast: this.#options.supportsFast ?? false,
        supportsExtended: this.#options.supportsExtended ?? false,
        supportsDht: false,
      }),
    );
    const field = new Bitfield(layout.pieceCount);
    if (pieces === undefined) field.fill();
    else for (const index of pieces) field.add(index);
    connection.send({ type: 'bitfield', bytes: field.bytes });
  }
}
