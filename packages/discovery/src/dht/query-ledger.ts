/** Our queries under way: an answer counts only from whom we asked, under a number he cannot guess. */
import { idToHex, type Random } from '@shoal/units';

/** An answer after so long is none: the library gave up before. */
const ANSWER_MS = 10_000;
/** Queries under way at most; the oldest is forgotten. */
const QUERY_LIMIT = 1024;
/** Bytes of our transaction ids. */
const TRANSACTION_ID_LENGTH = 4;

interface Query {
  readonly innerId: Uint8Array;
  readonly node: string;
  readonly sentMs: number;
}

/**
 * Stands between the library, which numbers its queries 1, 2, 3, and the network: outside they have
 * random ids, so that nobody can answer a query he did not get. Threat 37.
 */
export class QueryLedger {
  readonly #random: Random;
  readonly #queries = new Map<string, Query>();

  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * Notes a query.
   * @param innerId - the library's transaction id
   * @param node - to whom it goes, as `HOST:PORT`
   * @returns the id to send in its place
   */
  open(innerId: Uint8Array, node: string, nowMs: number): Uint8Array {
    const outerId = this.#random.bytes(TRANSACTION_ID_LENGTH);
    if (this.#queries.size >= QUERY_LIMIT) {
      const oldest = this.#queries.keys().next();
      if (!oldest.done) this.#queries.delete(oldest.value);
    }
    this.#queries.set(idToHex(outerId), { innerId: innerId.slice(), node, sentMs: nowMs });
    return outerId;
  }

  /** The library's id of the query that is answered, or undefined when nobody asked that node so. */
  close(outerId: Uint8Array, node: string, nowMs: number): Uint8Array | undefined {
    const key = idToHex(outerId);
    const query = this.#queries.get(key);
    if (query === undefined || query.node !== node) return undefined;
    this.#queries.delete(key);
    return nowMs - query.sentMs > ANSWER_MS ? undefined : query.innerId;
  }
}
