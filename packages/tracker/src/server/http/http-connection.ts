/** One HTTP connection to the tracker: bytes to the reader, requests to the responder, answers back. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Refusal } from '../admission/gate.ts';
import { readIp } from '../ip-text.ts';
import type { HttpResponder } from './http-responder.ts';
import { RequestReader } from './request-reader.ts';

/** A request must be complete so long after its first byte, or after the connection was made. */
const REQUEST_TIMEOUT_MS = 5_000;
/** A kept connection may wait so long for the next request, and an answer to be read. */
const IDLE_TIMEOUT_MS = 60_000;
/** With more than this unread by the other side nothing more is read from it, in bytes. */
const MAX_UNREAD_LENGTH = 64 * 1_024;

/** Nobody is served under the address of a proxy: it would be announced, and spared from rates. */
const UNNAMED_CLIENT: Refusal = { reason: 'the proxy does not say who asks' };

export class HttpConnection {
  /** When to close it, in monotonic milliseconds. */
  deadlineMs: number;
  readonly #socket: Socket;
  readonly #responder: HttpResponder;
  readonly #nowMs: () => number;
  readonly #reader = new RequestReader();
  /** The sender, as it goes into the announces. */
  readonly #ip = new Uint8Array(16);
  readonly #family: 4 | 6 | 0;
  /** Whether it is believed when it speaks for others. */
  readonly #isTrusted: boolean;
  /** The last answer is on its way: what still arrives is not read. */
  #isEnding = false;

  constructor(socket: Socket, responder: HttpResponder, nowMs: () => number) {
    this.#socket = socket;
    this.#responder = responder;
    this.#nowMs = nowMs;
    this.#family = readIp(socket.remoteAddress ?? '', this.#ip);
    this.#isTrusted = responder.proxies?.trusts(socket.remoteAddress ?? '') === true;
    // Gone again before it was taken: there is nobody to answer.
    this.#isEnding = this.#family === 0;
    this.deadlineMs = nowMs() + REQUEST_TIMEOUT_MS;
    socket.on('drain', () => socket.resume());
  }

  /** Bytes arrived: answers every request that is complete. */
  receive(bytes: Buffer): void {
    if (this.#isEnding) return;
    const { counts, answerTimes } = this.#responder;
    counts.receivedLength += bytes.length;
    const nowMs = this.#nowMs();
    const wasInside = this.#reader.isInside;
    this.#reader.push(bytes);
    const answers: Buffer[] = [];
    let hasMore = false;
    let beginMs = nowMs;
    while (!this.#isEnding) {
      const result = this.#reader.read();
      if (result === 'more') break;
      if (result === 'request') {
        answers.push(this.#answer(nowMs));
        this.#isEnding = !this.#reader.keepAlive;
      } else {
        answers.push(this.#responder.refuseRequest(result));
        this.#isEnding = true;
        hasMore = true;
      }
      const endMs = this.#nowMs();
      answerTimes.add(endMs - beginMs);
      beginMs = endMs;
    }
    for (const answer of answers) counts.sentLength += answer.length;
    if (this.#isEnding) return this.#end(join(answers), hasMore || this.#reader.isInside, nowMs);
    if (answers.length > 0) this.#send(join(answers));
    if (!this.#reader.isInside) this.deadlineMs = nowMs + IDLE_TIMEOUT_MS;
    else if (!wasInside || answers.length > 0) this.deadlineMs = nowMs + REQUEST_TIMEOUT_MS;
  }

  /** Ends it at once. */
  destroy(): void {
    this.#socket.destroy();
  }

  #answer(nowMs: number): Buffer {
    const { target, keepAlive, isHttp10, isHead } = this.#reader;
    const connection = keepAlive ? (isHttp10 ? 'keep-alive' : undefined) : 'close';
    if (isHead) return this.#responder.answerHead(target, connection);
    const { announce } = this.#responder;
    announce.family = this.#family === 6 ? 6 : 4;
    announce.nowMs = nowMs;
    announce.peer.set(this.#ip);
    this.#responder.acceptsGzip = this.#reader.acceptsGzip;
    if (!this.#isTrusted) return this.#responder.answer(target, connection);
    const { forwardedFor } = this.#reader;
    // A trusted host may name an address for itself, but not the clients of a trusted proxy.
    if (forwardedFor === undefined) return this.#responder.answer(target, connection, true);
    if (!this.#believe(forwardedFor)) return this.#responder.refuse(UNNAMED_CLIENT, connection);
    return this.#responder.answer(target, connection);
  }

  /** Takes the sender that a trusted proxy names. @returns whether it names one */
  #believe(forwardedFor: string): boolean {
    const { announce, proxies } = this.#responder;
    const host = proxies?.clientOf(forwardedFor);
    const family = host === undefined ? 0 : readIp(host, announce.peer);
    if (family !== 0) announce.family = family;
    return family !== 0;
  }

  /**
   * Sends the last answer. Closing right behind it costs a quarter less than ending in two steps,
   * but would take the answer with it if something were left unread, and TLS has a goodbye of its
   * own.
   */
  #end(answer: Buffer, hasMore: boolean, nowMs: number): void {
    this.deadlineMs = nowMs + REQUEST_TIMEOUT_MS;
    if (hasMore || this.#socket instanceof TLSSocket) this.#socket.end(answer);
    else this.#socket.write(answer, () => this.#socket.destroy());
  }

  #send(answer: Buffer): void {
    this.#socket.write(answer);
    if (this.#socket.writableLength > MAX_UNREAD_LENGTH) this.#socket.pause();
  }
}

function join(answers: readonly Buffer[]): Buffer {
  return answers.length === 1 ? answers[0]! : Buffer.concat(answers);
}
