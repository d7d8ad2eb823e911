/** Where the swarms live: the one interface between what trackers say and how peers are kept. */
import { readWord } from '../read-word.ts';
import { clientTag, UNKNOWN_CLIENT } from './client-tag.ts';

/** What stands for a peer id that nobody knows. */
const NO_PEER_ID = new Uint8Array(20);

/**
 * One announce on its way into a store, used again and again so that no announce makes an object.
 * The server fills in the upper part, the store the lower.
 */
export class Announce {
  /** The infohash as five words of 32 bits. */
  readonly infoHash = new Int32Array(5);
  /** The peer as in a compact peer list: 4 or 16 bytes of address, 2 of port. BEP 23, BEP 7. */
  readonly peer = new Uint8Array(18);
  /** The same bytes, two at a time. */
  readonly peerWords = new Uint16Array(this.peer.buffer);
  family: 4 | 6 = 4;
  isSeeder = false;
  /** The client says that it has just begun. */
  hasStarted = false;
  isStopped = false;
  /** The client says that it has just become complete. */
  hasCompleted = false;
  /** Monotonic time in milliseconds. */
  nowMs = 0;
  /** Which client it is, as far as it says; client-tag.ts. */
  clientTag = UNKNOWN_CLIENT;
  /** Hold its peer id, 20 bytes from `peerIdAt` on, until the call ends; all zeros for not known. */
  peerIds: Uint8Array = NO_PEER_ID;
  peerIdAt = 0;
  /** Its key, 32 bits; 0 for none. */
  key = 0;

  /** Peers of both families, the announcing one among them. */
  seederCount = 0;
  leecherCount = 0;
  completedCount = 0;

  /** Takes the infohash from the 20 bytes at `at`. */
  readInfoHash(bytes: Uint8Array, at: number): void {
    readInfoHashWords(this.infoHash, bytes, at);
  }

  /**
   * Takes who the client is.
   * @param bytes - have the peer id at `at`, and keep it until the announce is over
   * @param key - 32 bits; 0 for none
   */
  readClient(bytes: Uint8Array, at: number, key: number): void {
    this.clientTag = clientTag(bytes, at, key);
    this.peerIds = bytes;
    this.peerIdAt = at;
    this.key = key;
  }

  /** Nobody knows which client it is. */
  forgetClient(): void {
    this.clientTag = UNKNOWN_CLIENT;
    this.peerIds = NO_PEER_ID;
    this.peerIdAt = 0;
    this.key = 0;
  }

  setPort(port: number): void {
    const at = this.family === 4 ? 4 : 16;
    this.peer[at] = port >> 8;
    this.peer[at + 1] = port & 255;
  }
}

/** The 20 bytes of an infohash as five words, as tables keep them. */
export function readInfoHashWords(words: Int32Array, bytes: Uint8Array, at: number): void {
  for (let word = 0; word < 5; word++) words[word] = readWord(bytes, at + 4 * word);
}

/** Counts of one swarm, filled in by a store. */
export interface SwarmCounts {
  seederCount: number;
  leecherCount: number;
  completedCount: number;
}

/**
 * Looks at one swarm.
 * @param words - hold its infohash, five words from `at` on; valid during the call only
 * @param counts - valid during the call only
 */
export type SwarmVisitor = (words: Int32Array, at: number, counts: Readonly<SwarmCounts>) => void;

/**
 * All swarms of a tracker. A peer is known by its address and port, so nobody can speak for another;
 * which client it is (client-tag.ts) says who may take it away, and finds it again when it has moved.
 * Calls are synchronous: a store that shares its swarms with others answers from its copy.
 */
export interface SwarmStore {
  readonly swarmCount: number;
  /** Peers of both families. */
  readonly peerCount: number;
  /** Bytes of memory that the swarms take. */
  readonly byteLength: number;
  /** Peers that went because a limit was reached, since the start. */
  readonly shedCount: number;
  /** Peers that went because they were not heard of any more, since the start. */
  readonly expiredCount: number;
  /** Looks that `sweep` takes to go round once, at places without a swarm too. */
  readonly lookCount: number;
  /** Parts that the swarms can be looked through in, each in about a millisecond or less. */
  readonly sliceCount: number;

  /**
   * Adds, refreshes or (stopped) removes the peer and fills in the counts. Whoever announces from an
   * address has it from then on, but `stopped` removes no peer that another client's key came with:
   * who begins where another has just ended is not taken away by the other's last word. A client that was known
   * by its key from another address of the same family takes that peer's place, unless it was heard of
   * there within the last minute: it has several addresses then. Over its limits the store sheds the
   * peers or swarms that it heard of the longest time ago.
   */
  announce(announce: Announce): void;

  /**
   * Writes compact peers of the swarm that was announced to last, chosen at random, each as likely
   * as the others and none twice: not the announcing peer, and no seeders for a seeder, unless it
   * has just begun and there is nobody else. aria2 says that it lacks nothing while it has a magnet
   * alone, and seeders are whom it needs.
   * @returns how many bytes were written from `at` on: 6 or 18 a peer
   */
  copyPeers(
    announce: Announce,
    family: 4 | 6,
    maxCount: number,
    into: Uint8Array,
    at: number,
  ): number;

  /**
   * Writes the peer ids of peers that `copyPeers` wrote just before: 20 bytes each, zeros for one that
   * is not known, as all are to a store that keeps none.
   * @param peers - 6 or 18 bytes each
   */
  copyPeerIds(family: 4 | 6, peers: Uint8Array, into: Uint8Array): void;

  /** Fills in the counts of a swarm, 0 for one that is not known. */
  scrape(infoHash: Int32Array, counts: SwarmCounts): void;

  /**
   * Takes about `count` more looks and removes the peers that were not heard of for the peer
   * lifetime; goes round through all swarms, call by call.
   */
  sweep(nowMs: number, count: number): void;

  /** Shows all swarms of one slice. @param slice - 0 to `sliceCount` - 1 */
  visitSlice(slice: number, visit: SwarmVisitor): void;

  /** Removes a swarm with its peers. @returns whether it was there */
  delete(infoHash: Int32Array): boolean;
}
