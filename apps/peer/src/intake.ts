/** The way into the engine: adds torrents as the flags ask, in the folder their data lies in. */
import { resolve } from 'node:path';
import { cleanText, explainError } from '@shoal/cli';
import {
  EngineError,
  type EngineEvent,
  type EngineHandle,
  type TorrentHandle,
} from '@shoal/engine';
import type { Info } from '@shoal/metainfo';
import type { PeerAddress } from '@shoal/units';
import type { AddSource } from './add-source.ts';
import { addOptionsOf } from './engine-options.ts';
import { metainfoOf } from './metainfo-of.ts';
import type { PeerFlags } from './peer-flags.ts';
import { lookInto } from './shared-data.ts';

export interface IntakeOptions {
  readonly engine: EngineHandle;
  readonly flags: PeerFlags;
  /** Absolute. */
  readonly outputFolder: string;
  /** Peers of every torrent. */
  readonly peers: readonly PeerAddress[];
  /** Torrents run even if a former run left them paused. */
  readonly resumesAll?: boolean;
  /** A line for people: cleaned. */
  note(text: string): void;
  /** Told of each torrent before it can have completed; again when it moved to another folder. */
  readonly handleAdded?: (torrent: TorrentHandle) => void;
}

/**
 * A torrent whose files lie whole in a `--share` folder is seeded from there, and nothing is written
 * to them: when a piece turns out to be bad, it is fetched into the output folder instead.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #shareFolders: readonly string[];
  /** Hex infohashes of those in a share folder. */
  readonly #shared = new Set<string>();
  readonly #moving = new Set<Promise<void>>();

  constructor(options: IntakeOptions) {
    const { engine, flags, outputFolder } = options;
    this.#options = options;
    const folders = (flags.share ?? []).map((folder) => resolve(folder));
    this.#shareFolders = folders.filter((folder) => folder !== outputFolder);
    if (this.#shareFolders.length === 0) return;
    engine.onEvent((event) => this.#handleEvent(event));
    engine.subscribe(() => this.#leaveBroken());
  }

  /**
   * Adds what is not there yet; what is there already takes what the flags say.
   * @throws EngineError
   */
  async addOrAdjust(source: AddSource): Promise<TorrentHandle> {
    const known = this.#options.engine.torrent(source.infoHash);
    if (known === undefined) return this.add(source);
    this.#adjust(known);
    this.#options.handleAdded?.(known);
    return known;
  }

  /** @throws EngineError, `duplicate` when it is there already */
  async add(source: AddSource): Promise<TorrentHandle> {
    const folder = 'metainfo' in source ? await this.#shareOf(source.metainfo.info) : undefined;
    return this.#add(source, folder);
  }

  /** Torrents of the run before: those in a share folder are seeded from there, as before. */
  adopt(torrents: readonly TorrentHandle[]): void {
    for (const { infoHash, storeFolder } of torrents)
      if (this.#shareFolders.includes(storeFolder)) this.#shared.add(infoHash);
  }

  /** Resolves when nothing moves from folder to folder. */
  async settled(): Promise<void> {
    while (this.#moving.size > 0) await Promise.all(this.#moving);
  }

  async #add(source: AddSource, shareFolder: string | undefined): Promise<TorrentHandle> {
    const { engine, flags, outputFolder, peers, resumesAll, handleAdded } = this.#options;
    const options = {
      ...addOptionsOf(source, outputFolder, peers, flags),
      ...(resumesAll ? { paused: false } : {}),
    };
    if (shareFolder !== undefined) this.#shared.add(source.infoHash);
    const { selectedFiles: _, ...whole } = options;
    const torrent = await engine.add(
      shareFolder === undefined ? options : { ...whole, outputFolder: shareFolder, store: 'files' },
    );
    handleAdded?.(torrent);
    return torrent;
  }

  #adjust(torrent: TorrentHandle): void {
    const { flags, peers } = this.#options;
    for (const peer of peers) torrent.addPeer(peer);
    const known = new Set(torrent.getDetail().trackers.map(({ url }) => url));
    for (const url of flags.tracker ?? []) if (!known.has(url)) torrent.addTracker(url);
    if (flags.sequential) torrent.setSequential(true);
    if (flags.select !== undefined && torrent.info !== undefined) select(torrent, flags.select);
  }

  async #shareOf(info: Info): Promise<string | undefined> {
    for (const folder of this.#shareFolders) {
      const { isWhole, link } = await lookInto(info, folder);
      if (isWhole) return folder;
      if (link !== undefined)
        this.#options.note(
          `${cleanText(info.name)} in ${cleanText(folder)} is not seeded: ${cleanText(link)} is a link, and links are not followed.`,
        );
    }
    return undefined;
  }

  #handleEvent(event: EngineEvent): void {
    const { infoHash } = event;
    if (event.type === 'metadata') this.#move(this.#enterShare(infoHash));
    else if (event.type === 'checked' && event.goodPieces < event.pieceCount)
      this.#move(this.#leaveShare(infoHash));
  }

  /** A torrent that lost a piece while it was seeded. */
  #leaveBroken(): void {
    for (const { infoHash, status } of this.#options.engine.getSnapshot().torrents)
      if (status === 'downloading') this.#move(this.#leaveShare(infoHash));
  }

  /** A magnet whose metadata came: its files may lie there. */
  async #enterShare(infoHash: string): Promise<void> {
    const { engine } = this.#options;
    const torrent = engine.torrent(infoHash);
    const metainfo = torrent && metainfoOf(torrent);
    const folder = metainfo && (await this.#shareOf(metainfo.info));
    if (metainfo === undefined || folder === undefined || !engine.torrent(infoHash)) return;
    await engine.remove(infoHash, { forget: true });
    await this.#add({ metainfo, infoHash, name: metainfo.info.name }, folder);
  }

  /** To be called in the event: the engine has written nothing yet. */
  async #leaveShare(infoHash: string): Promise<void> {
    const { engine, note } = this.#options;
    if (!this.#shared.delete(infoHash)) return;
    const torrent = engine.torrent(infoHash);
    const metainfo = torrent && metainfoOf(torrent);
    if (torrent === undefined || metainfo === undefined) return;
    const { name } = metainfo.info;
    note(`${cleanText(name)} in ${cleanText(torrent.storeFolder)} is damaged: it is fetched anew.`);
    await engine.remove(infoHash, { forget: true });
    await this.#add({ metainfo, infoHash, name }, undefined);
  }

  /** The user who closes the program meanwhile has what was there before. */
  #move(moving: Promise<void>): void {
    const moved = moving
      .catch((error) => {
        const known = explainError(error);
        if (known === undefined) throw error;
        if (!(error instanceof EngineError) || error.code !== 'closed')
          this.#options.note(known.message);
      })
      .finally(() => this.#moving.delete(moved));
    this.#moving.add(moved);
  }
}

/** @param numbers - of its files, from 1 on. @throws EngineError `bad-selection` */
function select(torrent: TorrentHandle, numbers: readonly number[]): void {
  const { files } = torrent.info!;
  const beyond = numbers.find((number) => files[number - 1] === undefined);
  if (beyond !== undefined)
    throw new EngineError('bad-selection', `file ${beyond} of ${files.length} does not exist`);
  const wanted = new Set(numbers);
  const priorities = files.map((_, index) => (wanted.has(index + 1) ? 'normal' : 'off'));
  torrent.setFilePriorities(new Map(priorities.entries()));
}
