/** One direction of a stream in memory: bytes wait, leave in segments, arrive, are read. */

/** The segment that ends a stream. */
export const END = new Uint8Array(0);

export interface PipeOptions {
  /** IP addresses of the two ends. */
  readonly from: string;
  readonly to: string;
  /** Bytes that may be under way or unread. */
  readonly windowLength: number;
  /** Bytes have left: there is room. */
  handleLeft(): void;
  handleArrival(segment: Uint8Array): void;
}

interface Waiting {
  readonly bytes: Uint8Array;
  readonly written: (() => void) | undefined;
}

export class MemoryPipe {
  readonly from: string;
  readonly to: string;
  readonly #options: PipeOptions;
  readonly #waiting: Waiting[] = [];
  /** Bytes of `#waiting[0]` that have left. */
  #headOffset = 0;
  #waitingLength = 0;
  #unreadLength = 0;
  #corkCount = 0;
  #end: 'open' | 'ending' | 'ended' = 'open';
  #held: Uint8Array[] = [];

  constructor(options: PipeOptions) {
    this.from = options.from;
    this.to = options.to;
    this.#options = options;
  }

  /** Bytes that have not left. */
  get waitingLength(): number {
    return this.#waitingLength;
  }

  /** Writes of which something has not left. */
  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** Whether something may leave now. */
  get isReady(): boolean {
    if (this.#end !== 'open') return this.#end === 'ending';
    const hasRoom = this.#unreadLength < this.#options.windowLength;
    return hasRoom && this.#corkCount === 0 && this.#waitingLength > 0;
  }

  /** Takes bytes without copying them: they belong to the pipe until it calls `written`. */
  push(bytes: Uint8Array, written: (() => void) | undefined): void {
    if (bytes.length === 0) written?.();
    if (bytes.length === 0) return;
    this.#waiting.push({ bytes, written });
    this.#waitingLength += bytes.length;
  }

  cork(): void {
    this.#corkCount++;
  }

  uncork(): void {
    this.#corkCount = Math.max(0, this.#corkCount - 1);
  }

  /** What has not left is lost; what has arrives, and then the end. */
  end(): void {
    if (this.#end !== 'open') return;
    this.#end = 'ending';
    this.#waitingLength = 0;
    for (const { written } of this.#waiting.splice(0)) written?.();
  }

  /** The next segment leaves: a copy of at most `limit` bytes, or END. */
  take(limit: number): Uint8Array {
    if (this.#end === 'ending') {
      this.#end = 'ended';
      return END;
    }
    const segment = new Uint8Array(Math.min(limit, this.#waitingLength));
    for (let at = 0; at < segment.length; ) {
      const { bytes, written } = this.#waiting[0]!;
      const part = bytes.subarray(this.#headOffset, this.#headOffset + segment.length - at);
      segment.set(part, at);
      at += part.length;
      this.#headOffset += part.length;
      if (this.#headOffset < bytes.length) continue;
      this.#waiting.shift();
      this.#headOffset = 0;
      written?.();
    }
    this.#waitingLength -= segment.length;
    this.#unreadLength += segment.length;
    this.#options.handleLeft();
    return segment;
  }

  arrive(segment: Uint8Array): void {
    this.#options.handleArrival(segment);
  }

  /** The receiver has read bytes: the window opens. */
  read(length: number): void {
    this.#unreadLength -= length;
  }

  /** The cable is cut: the segment waits until it is healed, as TCP would send it again. */
  hold(segment: Uint8Array): void {
    this.#held.push(segment);
  }

  get isHolding(): boolean {
    return this.#held.length > 0;
  }

  takeHeld(): Uint8Array[] {
    const held = this.#held;
    this.#held = [];
    return held;
  }
}
