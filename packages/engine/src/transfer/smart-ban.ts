/** Finds out who sent the bad blocks of a piece that failed its hash, and spares the others. */

/** One block of a failed piece and who sent it. */
export interface SentBlock {
  /** Offset inside the piece, in bytes. */
  readonly begin: number;
  readonly bytes: Uint8Array;
  /** One text for each peer, whatever connection it was on. */
  readonly sender: string;
}

/** What is kept of a block: its digest, never its bytes. */
interface BlockRecord {
  readonly begin: number;
  readonly length: number;
  readonly sender: string;
  readonly digest: string;
}

/** Block records kept over all failed pieces (about 200 bytes each); past it the oldest piece goes. */
const DEFAULT_RECORD_LIMIT = 16_384;

/**
 * Remembers a digest of each block of a failed piece with its sender. When the piece passes later,
 * those whose blocks differ from the good ones are guilty; everybody else stays.
 *
 * Some are guilty before that: the only sender of a failed piece, and whoever sends two different
 * versions of one block. To be sure of a verdict soon, fetch a piece for which `hasFailed` from a
 * single peer: either it passes, or its sender is guilty.
 */
export class SmartBan {
  readonly #recordLimit: number;
  readonly #records = new Map<number, BlockRecord[]>();
  #recordCount = 0;

  constructor(recordLimit = DEFAULT_RECORD_LIMIT) {
    this.#recordLimit = recordLimit;
  }

  /** Whether the piece failed and has not passed since. */
  hasFailed(pieceIndex: number): boolean {
    return this.#records.has(pieceIndex);
  }

  /**
   * A piece failed its hash.
   * @param blocks - its blocks as they were received
   * @param hash - a collision-resistant digest as text
   * @returns the senders that are guilty at once
   */
  recordFailure(
    pieceIndex: number,
    blocks: readonly SentBlock[],
    hash: (bytes: Uint8Array) => string,
  ): string[] {
    const guilty = new Set<string>();
    const senders = new Set(blocks.map((block) => block.sender));
    if (senders.size === 1) guilty.add(blocks[0]!.sender);
    const records = this.#take(pieceIndex);
    for (const { begin, bytes, sender } of blocks) {
      const digest = hash(bytes);
      const earlier = records.filter(
        (record) => record.begin === begin && record.sender === sender,
      );
      if (earlier.some((record) => record.digest === digest)) continue;
      if (earlier.length > 0) guilty.add(sender);
      else records.push({ begin, length: bytes.length, sender, digest });
    }
    this.#keep(
      pieceIndex,
      records.filter((record) => !guilty.has(record.sender)),
    );
    return [...guilty];
  }

  /**
   * A piece passed its hash; what was kept of it is let go.
   * @param blockAt - the good bytes of a block
   * @returns the senders of other bytes when it failed; empty if it never failed
   */
  recordSuccess(
    pieceIndex: number,
    blockAt: (begin: number, length: number) => Uint8Array,
    hash: (bytes: Uint8Array) => string,
  ): string[] {
    const guilty = new Set<string>();
    const digests = new Map<string, string>();
    for (const { begin, length, sender, digest } of this.#take(pieceIndex)) {
      if (guilty.has(sender)) continue;
      const key = `${begin}+${length}`;
      const good = digests.get(key) ?? hash(blockAt(begin, length));
      digests.set(key, good);
      if (good !== digest) guilty.add(sender);
    }
    return [...guilty];
  }

  #take(pieceIndex: number): BlockRecord[] {
    const records = this.#records.get(pieceIndex) ?? [];
    this.#records.delete(pieceIndex);
    this.#recordCount -= records.length;
    return records;
  }

  #keep(pieceIndex: number, records: BlockRecord[]): void {
    this.#records.set(pieceIndex, records);
    this.#recordCount += records.length;
    for (const oldest of this.#records.keys()) {
      if (this.#recordCount <= this.#recordLimit) return;
      this.#take(oldest);
    }
  }
}
