/** What the command language needs of the program it runs in. */
import type { EngineHandle, TorrentHandle } from '@shoal/engine';
import type { Clock } from '@shoal/units';

export interface Host {
  readonly engine: EngineHandle;
  readonly clock: Clock;
  /** Relative paths begin here. */
  readonly folder: string;
  /** How wide a line may be that is read on a screen; undefined without one. */
  columns(): number | undefined;
  /** IP addresses by which others reach this machine. */
  addresses(): readonly string[];
  /** Hex infohash of the torrent that commands are for when none is named. */
  torrentInView(): string | undefined;
  /** Brings a torrent into view. */
  view(infoHash: string): void;
  /**
   * Adds what an absolute path, a magnet, an infohash or a URL names.
   * @throws CliError, EngineError
   */
  add(source: string): Promise<readonly TorrentHandle[]>;
  /** Ends the program in order, after the answer was given. */
  quit(): void;
}
