/** Server-sent events: one snapshot a second to everyone who looks. */
import type { ServerResponse } from 'node:http';
import type { Monitor } from './monitor.ts';

/** Pages that may look at the same time. */
const MAX_STREAM_COUNT = 64;
/** A page that has left so much unread is gone: it connects again when it wakes up. In bytes. */
const MAX_UNREAD_LENGTH = 256 * 1_024;
/** Pages connect again after this, in milliseconds. */
const RETRY_MS = 2_000;

export class EventStreams {
  readonly #monitor: Monitor;
  readonly #streams = new Set<ServerResponse>();
  #unsubscribe: (() => void) | undefined;

  constructor(monitor: Monitor) {
    this.#monitor = monitor;
  }

  get isFull(): boolean {
    return this.#streams.size >= MAX_STREAM_COUNT;
  }

  /** Keeps an answer open, whose head is written already. */
  add(response: ServerResponse): void {
    this.#streams.add(response);
    response.on('close', () => this.#remove(response));
    response.write(`retry: ${RETRY_MS}\n${this.#event()}`);
    this.#unsubscribe ??= this.#monitor.subscribe(() => this.#send());
  }

  /** Ends all of them. */
  close(): void {
    for (const response of this.#streams) response.destroy();
  }

  #remove(response: ServerResponse): void {
    this.#streams.delete(response);
    if (this.#streams.size > 0) return;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #send(): void {
    const event = this.#event();
    for (const response of this.#streams) {
      if (response.writableLength > MAX_UNREAD_LENGTH) response.destroy();
      else response.write(event);
    }
  }

  #event(): string {
    return `data: ${JSON.stringify(this.#monitor.getSnapshot())}\n\n`;
  }
}
