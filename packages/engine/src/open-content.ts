/** Opens what a torrent has once its metadata is there: its pieces and files, and the check of them. */
import { BencodeError } from '@shoal/bencode';
import { StoreError } from '@shoal/chunk-store';
import { type Info, MetainfoError } from '@shoal/metainfo';
import { Content, type ContentListener } from './content.ts';
import { ContentCheck } from './content-check.ts';
import { EngineError } from './engine-error.ts';
import type { Swarm } from './peers/swarm.ts';
import type { ResumeState } from './state/resume.ts';
import { TorrentDisk } from './state/torrent-disk.ts';
import type { TorrentOptions } from './torrent-options.ts';
import type { TorrentRecord } from './torrent-record.ts';
import type { Traffic } from './transfer/traffic.ts';

export interface OpenContentOptions {
  readonly info: Info;
  /** Of the last run. */
  readonly state: ResumeState | undefined;
  readonly options: TorrentOptions;
  readonly record: TorrentRecord;
  readonly traffic: Traffic;
  readonly swarm: Swarm;
  readonly listener: ContentListener;
}

/** What there is once the metadata is known. */
export interface Opened {
  readonly content: Content;
  readonly check: ContentCheck;
}

/**
 * The store begins to follow the selection; nothing else is read or written yet.
 * @throws EngineError `bad-selection`
 * @throws StoreError `unsafe-path`
 */
export function openContent(opening: OpenContentOptions): Opened {
  const { info, state, record, traffic, swarm, listener } = opening;
  const { parts, trustComplete } = opening.options;
  const { outputFolder, storeKind: kind } = record;
  const disk = new TorrentDisk({ info, kind, outputFolder, handles: parts.handles });
  const content = new Content({
    info,
    store: disk.store,
    clock: parts.clock,
    random: parts.random,
    down: traffic.down,
    up: traffic.up,
    rechecks: parts.rechecks,
    listener,
    webSeeds: record.webSeeds,
    userAgent: parts.userAgent,
    resolve: parts.resolve,
    peers: () => swarm.peers(),
    nameOf: (peerKey) => swarm.nameOf(peerKey),
  });
  select(content, record.selectedFiles, state);
  content.downloader.sequential = record.sequential;
  const check = new ContentCheck({
    content,
    disk,
    claim: state,
    trustComplete,
    handleProgress: () => parts.markChanged(),
    handleStoreFault: (error) => listener.handleStoreFault(error),
  });
  return { content, check };
}

/** Takes the files that were asked for, else those of the last run, else all. */
function select(
  content: Content,
  selectedFiles: readonly number[] | undefined,
  state: ResumeState | undefined,
): void {
  const { info, selection } = content;
  for (const index of selectedFiles ?? []) demandFile(index, info);
  if (selectedFiles !== undefined) selection.only(selectedFiles);
  else if (state?.priorities.length === info.files.length)
    for (const [index, priority] of state.priorities.entries()) selection.set(index, priority);
  content.applySelection();
}

/** @throws EngineError `bad-selection` when there is no such file */
export function demandFile(index: number, { files }: Info): void {
  if (files[index] === undefined)
    throw new EngineError('bad-selection', `file ${index + 1} of ${files.length} does not exist`);
}

/** Bad metadata, a selection it has no file for, or a path that cannot be stored. */
export function isUnusable(error: unknown): error is Error & { readonly code: string } {
  const classes = [MetainfoError, BencodeError, EngineError, StoreError];
  return classes.some((faults) => error instanceof faults);
}
