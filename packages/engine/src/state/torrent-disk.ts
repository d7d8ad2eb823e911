/** One torrent on disk: its store, and what a resume state may be believed of it. */
import path from 'node:path';
import {
  ChunkFolderStore,
  type ChunkStore,
  type FileMark,
  FileStore,
  type HandlePool,
  partFileName,
} from '@shoal/chunk-store';
import type { Info } from '@shoal/metainfo';
import { idToHex } from '@shoal/units';
import type { StoreKind } from '../api.ts';
import type { ResumeState } from './resume.ts';
import { chunkSpans, compareMarks, fileSpans, type MarkedSpan, type Trust } from './trust.ts';

export interface TorrentDiskOptions {
  readonly info: Info;
  readonly kind: StoreKind;
  readonly outputFolder: string;
  readonly handles: HandlePool;
}

export class TorrentDisk {
  readonly store: ChunkStore;
  readonly #info: Info;
  /** What each mark of the store stands for. */
  readonly #spans: readonly MarkedSpan[];

  constructor({ info, kind, outputFolder, handles }: TorrentDiskOptions) {
    const { totalLength, pieceLength: chunkLength } = info.layout;
    const root = folderOf(kind, outputFolder, info.name);
    const partFile = partFileName(idToHex(info.infoHash));
    this.#info = info;
    this.#spans = kind === 'files' ? fileSpans(info.files) : chunkSpans(info.layout);
    this.store =
      kind === 'files'
        ? new FileStore({ root, files: info.files, chunkLength, handles, partFile })
        : new ChunkFolderStore({ root, name: info.name, chunkLength, totalLength, handles });
  }

  /**
   * How far a state is believed.
   * @param marks - of what lies there now
   * @param trustComplete - without a state, take what has its whole length for complete
   */
  examine(
    marks: readonly FileMark[],
    state: Pick<ResumeState, 'pieces' | 'marks'> | undefined,
    trustComplete: boolean,
  ): Trust {
    const { layout } = this.#info;
    const pieces = state?.pieces;
    const claimed =
      state !== undefined && pieces?.length === layout.pieceCount
        ? { pieces, marks: state.marks }
        : undefined;
    const trust = compareMarks(layout, this.#spans, marks, claimed);
    const isWhole = marks.every(
      (mark, at) => mark.length === this.#spans[at]!.length && !mark.isApart,
    );
    if (trustComplete && claimed === undefined && isWhole) {
      trust.trusted.fill();
      trust.suspects.clear();
    }
    return trust;
  }
}

/** The folder below which a torrent's files, or its chunks, lie. */
export function folderOf(kind: StoreKind, outputFolder: string, name: string): string {
  return kind === 'files' ? outputFolder : path.join(outputFolder, `${name}.parts`);
}
