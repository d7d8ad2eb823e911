/** Lines on stdout or stderr: nobody waits for their reader, and a full disk behind them ends nothing. */
import { write } from 'node:fs';
import { atMost, type Clock } from '@shoal/units';
import { systemClock } from '../adapters.ts';

/** Text that may wait for a reader that is slow, in bytes: lines beyond that are lost. */
const MAX_WAITING_LENGTH = 1_048_576;
/** A pipe that takes nothing at the moment is tried again after so long. */
const RETRY_MS = 50;
/** What waits at the end is given up after so long. */
const DRAIN_TIMEOUT_MS = 1_000;

/** How bytes are written; `write` of `node:fs` does it beside the event loop. */
export type WriteCall = (
  fd: number,
  bytes: Uint8Array,
  done: (error: NodeJS.ErrnoException | null, writtenLength: number) => void,
) => void;

export class LineWriter {
  readonly #fd: number;
  readonly #write: WriteCall;
  readonly #clock: Clock;
  #waiting: string[] = [];
  #waitingLength = 0;
  /** Of what is being written. */
  #lineCount = 0;
  #hasFailed = false;
  #lostCount = 0;
  #drained = Promise.withResolvers<void>();

  constructor(fd: number, clock: Clock, writeCall: WriteCall = write) {
    this.#fd = fd;
    this.#clock = clock;
    this.#write = writeCall;
  }

  /** Lines that could not be written, since the start. */
  get lostCount(): number {
    return this.#lostCount;
  }

  /** Whether the last write came to nothing. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Writes a line soon, in its turn. @param line - with its end */
  write(line: string): void {
    const length = Buffer.byteLength(line);
    if (this.#waitingLength + length > MAX_WAITING_LENGTH) {
      this.#lostCount++;
      return;
    }
    this.#waiting.push(line);
    this.#waitingLength += length;
    if (this.#lineCount === 0) this.#writeNext();
  }

  /** Waits until all is written or lost, for a second at most. @returns whether nothing waits */
  async drain(): Promise<boolean> {
    if (this.#lineCount === 0) return true;
    await atMost(DRAIN_TIMEOUT_MS, this.#clock, this.#drained.promise);
    return this.#lineCount === 0;
  }

  #writeNext(): void {
    this.#lineCount = this.#waiting.length;
    if (this.#lineCount === 0) {
      this.#drained.resolve();
      this.#drained = Promise.withResolvers();
      return;
    }
    const bytes = Buffer.from(this.#waiting.join(''));
    this.#waiting = [];
    this.#writeRest(bytes);
  }

  #writeRest(bytes: Uint8Array): void {
    this.#write(this.#fd, bytes, (error, writtenLength) => {
      if (error?.code === 'EAGAIN') {
        this.#clock.after(RETRY_MS, () => this.#writeRest(bytes));
        return;
      }
      if (error === null && writtenLength < bytes.length) {
        this.#waitingLength -= writtenLength;
        this.#writeRest(bytes.subarray(writtenLength));
        return;
      }
      if (error !== null) this.#lostCount += this.#lineCount;
      this.#hasFailed = error !== null;
      this.#waitingLength -= bytes.length;
      this.#writeNext();
    });
  }
}

/** Events and results. */
export const stdoutLines = new LineWriter(1, systemClock);
/** The log. */
export const stderrLines = new LineWriter(2, systemClock);

/** Before the last words of the process. @returns whether all of them were written or lost */
export async function drainLines(): Promise<boolean> {
  const drained = await Promise.all([stdoutLines.drain(), stderrLines.drain()]);
  return drained.every(Boolean);
}
