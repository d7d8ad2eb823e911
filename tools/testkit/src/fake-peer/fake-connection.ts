/** One connection of a fake peer: reads frames, notes them, and answers as it is told. */
import type { Transport, TransportSink } from '@shoal/units';
import type { Handshake } from '@shoal/wire';
import { decodeMessage, encodeMessage, HandshakeReader, type Message } from '@shoal/wire';

const PREFIX_LENGTH = 4;

/** What the peer does on each of its connections. */
export interface FakeScript {
  handleHandshake(connection: FakeConnection): void;
  handleMessage(connection: FakeConnection, message: Message): void;
}

export class FakeConnection implements TransportSink {
  readonly transport: Transport;
  /** The other side's handshake, once it came. */
  handshake: Handshake | undefined;
  /** Every message that came, in order. */
  readonly received: Message[] = [];
  isClosed = false;
  readonly #script: FakeScript;
  readonly #handshakeReader = new HandshakeReader();
  #unread = new Uint8Array(0);

  constructor(transport: Transport, script: FakeScript) {
    this.transport = transport;
    this.#script = script;
  }

  send(message: Message): void {
    this.sendBytes(encodeMessage(message));
  }

  /** Anything at all, also what is no message. */
  sendBytes(bytes: Uint8Array): void {
    this.transport.write(bytes);
  }

  close(): void {
    this.transport.close();
  }

  handleBytes(bytes: Uint8Array, length: number): void {
    if (this.handshake !== undefined) {
      this.#readFrames(bytes.subarray(0, length));
      return;
    }
    const read = this.#handshakeReader.push(bytes, length);
    if (read === undefined) return;
    this.handshake = read.handshake;
    this.#script.handleHandshake(this);
    this.#readFrames(read.rest);
  }

  handleDrain(): void {}

  handleClose(): void {
    this.isClosed = true;
  }

  #readFrames(bytes: Uint8Array): void {
    const stream = new Uint8Array(this.#unread.length + bytes.length);
    stream.set(this.#unread);
    stream.set(bytes, this.#unread.length);
    const view = new DataView(stream.buffer);
    let at = 0;
    while (at + PREFIX_LENGTH <= stream.length) {
      const end = at + PREFIX_LENGTH + view.getUint32(at);
      if (end > stream.length) break;
      const message = decodeMessage(stream.slice(at + PREFIX_LENGTH, end));
      at = end;
      this.received.push(message);
      this.#script.handleMessage(this, message);
    }
    this.#unread = stream.slice(at);
  }
}
