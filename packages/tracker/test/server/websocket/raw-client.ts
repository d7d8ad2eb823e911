/** A WebSocket client that speaks JSON and remembers what it was told. */
import { once } from 'node:events';
import type { PeerAddress } from '@shoal/units';
import { WebSocket } from 'ws';

export type Message = Readonly<Record<string, unknown>>;

export class RawClient {
  readonly socket: WebSocket;
  readonly messages: Message[] = [];
  closeCode: number | undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (bytes: Buffer) => {
      this.messages.push(JSON.parse(bytes.toString()) as Message);
    });
    socket.on('close', (code) => {
      this.closeCode = code;
    });
    socket.on('error', () => {});
  }

  static async open(
    address: PeerAddress,
    options: { path?: string; headers?: Record<string, string> } = {},
  ): Promise<RawClient> {
    const { path = '/', headers = {} } = options;
    const client = new RawClient(
      new WebSocket(`ws://${address.host}:${address.port}${path}`, { headers }),
    );
    await once(client.socket, 'open');
    return client;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async close(): Promise<void> {
    this.socket.terminate();
    if (this.closeCode === undefined) await once(this.socket, 'close');
  }
}

/** 20 characters, one a byte. */
export function id(byte: number): string {
  return String.fromCharCode(byte).repeat(20);
}

export function offer(name: string): { offer_id: string; offer: { type: string; sdp: string } } {
  return { offer_id: name, offer: { type: 'offer', sdp: `sdp of ${name}` } };
}

export function announce(changes: Message = {}): Message {
  return {
    action: 'announce',
    info_hash: id(0xe1),
    peer_id: id(0xa1),
    uploaded: 0,
    downloaded: 0,
    left: 1,
    numwant: 5,
    offers: [],
    ...changes,
  };
}
