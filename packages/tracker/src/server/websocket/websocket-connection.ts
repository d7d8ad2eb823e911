/** One WebSocket connection: holds its messages to their rate, counts its faults, notices its end. */

import type { WebSocket } from 'ws';
import { encodeWebSocketFailure } from '../../protocol/websocket-response.ts';
import type { WebSocketClient, WebSocketResponder } from './websocket-responder.ts';
import type { WebSocketPeer } from './websocket-swarm.ts';

/** Messages that could not be read, or came too fast, until the connection is closed. */
const MAX_FAULT_COUNT = 5;
/** Messages a second in the long run, and at once: a page may begin with hundreds of torrents. */
const MESSAGES_PER_S = 20;
const MESSAGE_BURST = 1_000;
/** With more than this unread by the other side it is cut off, in bytes. */
const MAX_UNREAD_LENGTH = 1_024 * 1_024;
/** How long a connection may be open without a torrent. */
const IDLE_TIMEOUT_MS = 60_000;

/** Close code for who does not keep to the rules. RFC 6455, section 7.4.1. */
const POLICY_VIOLATION = 1_008;

export class WebSocketConnection implements WebSocketClient {
  readonly host: string;
  readonly passkey: string | undefined;
  readonly peers = new Set<WebSocketPeer>();
  readonly #socket: WebSocket;
  readonly #responder: WebSocketResponder;
  readonly #nowMs: () => number;
  #faultCount = 0;
  /** When all messages that have come would be due at the steady rate. */
  #dueMs: number;
  #busyMs: number;
  #isAlive = true;

  /**
   * @param host - the address it speaks from, or for which a trusted proxy does
   * @param passkey - from the path of its URL
   */
  constructor(
    socket: WebSocket,
    host: string,
    passkey: string | undefined,
    responder: WebSocketResponder,
    nowMs: () => number,
  ) {
    this.#socket = socket;
    this.host = host;
    this.passkey = passkey;
    this.#responder = responder;
    this.#nowMs = nowMs;
    this.#dueMs = this.#busyMs = nowMs();
    socket.on('message', (bytes: Buffer) => this.#receive(bytes));
    socket.on('pong', () => {
      this.#isAlive = true;
    });
    socket.on('close', () => responder.leave(this));
    // A frame against the protocol or over its length: ws closes the connection.
    socket.on('error', () => {});
  }

  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > MAX_UNREAD_LENGTH) this.#socket.terminate();
    else {
      this.#responder.traffic.sentLength += Buffer.byteLength(text);
      this.#socket.send(text);
    }
  }

  /** Looks whether anybody is there: cuts off who has not answered the ping before, or is idle. */
  check(): void {
    const isIdle = this.peers.size === 0 && this.#nowMs() - this.#busyMs >= IDLE_TIMEOUT_MS;
    if (!this.#isAlive || isIdle) return this.#socket.terminate();
    this.#isAlive = false;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  /** Ends it at once. */
  destroy(): void {
    this.#socket.terminate();
  }

  #receive(bytes: Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#isAlive = true;
    this.#responder.traffic.receivedLength += bytes.length;
    const nowMs = this.#nowMs();
    this.#busyMs = nowMs;
    if (!this.#isInTime(nowMs)) {
      this.send(encodeWebSocketFailure({ reason: 'too many messages' }));
      this.#blame();
    } else if (!this.#responder.receive(this, bytes.toString(), nowMs)) this.#blame();
    this.#responder.answerTimes.add(this.#nowMs() - nowMs);
  }

  #isInTime(nowMs: number): boolean {
    const dueMs = Math.max(nowMs, this.#dueMs);
    if (dueMs - nowMs > ((MESSAGE_BURST - 1) * 1_000) / MESSAGES_PER_S) return false;
    this.#dueMs = dueMs + 1_000 / MESSAGES_PER_S;
    return true;
  }

  #blame(): void {
    if (++this.#faultCount >= MAX_FAULT_COUNT) this.#socket.close(POLICY_VIOLATION);
  }
}
