/** One HTTP connection to the tracker: bytes to the reader, requests to the responder, answers back. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Refusal } from '../admission/gate.ts';
import { readIp } from '../ip-text.ts';
import type { HttpResponder } from './http-responder.ts';
import { RequestReader } from './request-reader.ts';
import type { Turns } from './turns.ts';

/** A request must be complete so long after its first byte, or after the connection was made. */
const REQUEST_TIMEOUT_MS = 5_000;
/** A kept connection may wait so long for the next request, and an answer to be read. */
const IDLE_TIMEOUT_MS = 60_000;
/** With more than this unread by the other side nothing more is read or answered, in bytes. */
const MAX_UNREAD_LENGTH = 64 * 1_024;

/** Nobody is served under the address of a proxy: it would be announced, and spared from rates. */
const UNNAMED_CLIENT: Refusal = { reason: 'the proxy does not say who asks' };

/** What requests that have arrived wait for: our next turn, or that answers are read. */
type Wait = 'turn' | 'drain';

export class HttpConnection {
  /** When to close it, in monotonic milliseconds. */
  deadlineMs: number;
  readonly #socket: Socket;
  readonly #responder: HttpResponder;
  readonly #nowMs: () => number;
  readonly #turns: Turns;
  readonly #reader = new RequestReader();
  /** The sender, as it goes into the announces. */
  readonly #ip = new Uint8Array(16);
  readonly #family: 4 | 6 | 0;
  /** Whether it is believed when it speaks for others. */
  readonly #isTrusted: boolean;
  /** The last answer is on its way: what still arrives is not read. */
  #isEnding = false;
  /** Something came behind the request read last. */
  #hasUnread = false;
  /** Nothing is read meanwhile. */
  #wait: Wait | undefined;

  constructor(socket: Socket, responder: HttpResponder, nowMs: () => number, turns: Turns) {
    this.#socket = socket;
    this.#responder = responder;
    this.#nowMs = nowMs;
    this.#turns = turns;
    this.#family = readIp(socket.remoteAddress ?? '', this.#ip);
    this.#isTrusted = responder.proxies?.trusts(socket.remoteAddress ?? '') === true;
    // Gone again before it was taken: there is nobody to answer.
    this.#isEnding = this.#family === 0;
    this.deadlineMs = nowMs() + REQUEST_TIMEOUT_MS;
    socket.on('drain', () => this.#goOn('drain'));
  }

  /** Bytes arrived: answers the requests that are complete, as many as a turn has time for. */
  receive(bytes: Buffer): void {
    if (this.#isEnding) return;
    this.#responder.counts.receivedLength += bytes.length;
    const wasInside = this.#reader.isInside;
    this.#reader.push(bytes);
    if (this.#wait === undefined) this.#answerAll(wasInside);
  }

  #goOn(wait: Wait): void {
    if (this.#wait !== wait || this.#socket.destroyed) return;
    this.#wait = undefined;
    this.#answerAll(false);
    if (this.#wait !== undefined) return;
    this.#socket.allowHalfOpen = false;
    if (this.#socket.readableEnded) this.#socket.end();
    else this.#socket.resume();
  }

  /** Reads nothing until what has arrived is answered, even if the other side ends meanwhile. */
  #hold(wait: Wait): void {
    this.#socket.pause();
    this.#socket.allowHalfOpen = true;
    if (wait === 'turn') this.#turns.wait(() => this.#goOn('turn'));
  }

  /** @param isOld - whether the request that comes first was begun before */
  #answerAll(isOld: boolean): void {
    const nowMs = this.#nowMs();
    const { answers, count } = this.#takeAnswers(nowMs);
    if (this.#isEnding) return this.#end(join(answers), nowMs);
    this.#send(answers);
    if (this.#isBehind) this.#wait = 'drain';
    if (this.#wait !== undefined) this.#hold(this.#wait);
    if (this.#wait !== undefined || !this.#reader.isInside)
      this.deadlineMs = nowMs + IDLE_TIMEOUT_MS;
    else if (!isOld || count > 0) this.deadlineMs = nowMs + REQUEST_TIMEOUT_MS;
  }

  /**
   * Answers requests until there is no further one, or it has to wait.
   * @returns what is to be sent, and of how many requests that was the last
   */
  #takeAnswers(nowMs: number): { readonly answers: Buffer[]; readonly count: number } {
    const { counts, answerTimes } = this.#responder;
    const answers: Buffer[] = [];
    let count = 0;
    let length = 0;
    let beginMs = nowMs;
    while (!this.#isEnding) {
      const result = this.#reader.read();
      if (result === 'more') break;
      const isRequest = result === 'request';
      const answer = isRequest ? this.#answer(nowMs) : this.#responder.refuseRequest(result);
      count++;
      answers.push(answer);
      length += answer.length;
      counts.sentLength += answer.length;
      this.#isEnding = !isRequest || !this.#reader.keepAlive;
      this.#hasUnread = !isRequest || this.#reader.isInside;
      const endMs = this.#nowMs();
      answerTimes.add(endMs - beginMs);
      beginMs = endMs;
      if (this.#isEnding || !this.#reader.isInside) break;
      if (!this.#turns.mayGoOn(endMs)) this.#wait = 'turn';
      else if (length > MAX_UNREAD_LENGTH) {
        length = 0;
        this.#send(answers.splice(0));
        if (this.#isBehind) this.#wait = 'drain';
      }
      if (this.#wait !== undefined) break;
    }
    return { answers, count };
  }

  /** Whether the other side has too much to read. */
  get #isBehind(): boolean {
    return this.#socket.writableLength > MAX_UNREAD_LENGTH;
  }

  #send(answers: readonly Buffer[]): void {
    if (answers.length > 0) this.#socket.write(join(answers));
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
  #end(answer: Buffer, nowMs: number): void {
    this.deadlineMs = nowMs + REQUEST_TIMEOUT_MS;
    if (this.#hasUnread || this.#socket instanceof TLSSocket) this.#socket.end(answer);
    else this.#socket.write(answer, () => this.#socket.destroy());
  }
}

function join(answers: readonly Buffer[]): Buffer {
  return answers.length === 1 ? answers[0]! : Buffer.concat(answers);
}
