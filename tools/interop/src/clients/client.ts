/** What a BitTorrent client must be able to do to take part. */
import type { Arena } from '../arena.ts';
import type { Host } from '../hosts.ts';

/** A .torrent file, and what an independent program reads as its infohash. */
export interface TorrentFile {
  /** Of the file; a magnet where the file is not to be known. */
  readonly path: string;
  /** Hex, lower case. */
  readonly infoHash: string;
}

export interface Job {
  readonly host: Host;
  readonly torrent: TorrentFile;
  /** The folder that holds, or shall hold, the payload's folder. */
  readonly folder: string;
}

export interface Client {
  readonly name: string;
  /** What must be on the path. */
  readonly programs: readonly string[];
  /** False for a client that does not create files of 0 bytes. */
  readonly makesEmptyFiles: boolean;
  /** Starts to seed what lies in `job.folder`. */
  seed(arena: Arena, job: Job): Promise<void>;
  /** Starts to fetch into `job.folder`. @returns waits until everything is there */
  leech(arena: Arena, job: Job): Promise<() => Promise<void>>;
}
