/** Beside a chunk folder's parts lies the .torrent they are of, so that `shoal merge` needs nothing else. */
import { join } from 'node:path';
import { makeFolder } from '@shoal/chunk-store';
import { CliError, explaining, writeTorrentFile } from '@shoal/cli';
import type { EngineHandle, TorrentHandle } from '@shoal/engine';
import { encodeMetainfo } from '@shoal/metainfo';
import { metainfoOf } from './metainfo-of.ts';

export class TorrentCopies {
  readonly #note: (text: string) => void;
  readonly #writing = new Set<Promise<void>>();

  /** Writes one for each torrent kept as chunks, once its metadata is there. */
  constructor(engine: EngineHandle, { note }: { note(text: string): void }) {
    this.#note = note;
    engine.onEvent(({ type, infoHash }) => {
      if (type !== 'torrent-added' && type !== 'metadata') return;
      const torrent = engine.torrent(infoHash);
      if (torrent?.storeKind === 'chunks' && torrent.info !== undefined) this.#write(torrent);
    });
  }

  /** Resolves when all are written. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing);
  }

  #write(torrent: TorrentHandle): void {
    const writing = writeCopy(torrent)
      .catch((error) => {
        if (!(error instanceof CliError)) throw error;
        this.#note(`The chunks lie there without their torrent: ${error.message}`);
      })
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }
}

/** @throws CliError when it cannot be written */
async function writeCopy(torrent: TorrentHandle): Promise<void> {
  const { storeFolder } = torrent;
  const { info, trackers, webSeeds } = metainfoOf(torrent)!;
  await explaining(storeFolder, () => makeFolder(storeFolder));
  const bytes = encodeMetainfo({ infoBytes: info.infoBytes, trackers, webSeeds });
  const path = join(storeFolder, `${info.name}.torrent`);
  await writeTorrentFile(path, bytes, { mayReplace: true });
}
