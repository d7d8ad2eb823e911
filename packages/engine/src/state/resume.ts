/** The resume state of one torrent: what is known of it from one run to the next, bencoded. */
import { hash } from 'node:crypto';
import type { DictReader, ListReader } from '@shoal/bencode';
import type { FileMark } from '@shoal/chunk-store';
import { Bitfield, formatPeerAddress, type PeerAddress, parsePeerAddress } from '@shoal/units';
import type { StoreKind } from '../api.ts';
import { openSealed, seal } from './sealed.ts';
import { type FilePriority, PEER_SOURCES, type PeerSource } from './snapshot.ts';

const FORMAT = 1;
/** Bytes of a mark. */
const MARK_LENGTH = 16;
const PRIORITIES: readonly FilePriority[] = ['off', 'low', 'normal', 'high'];
/** Addresses kept: enough to find the swarm again without a tracker. */
export const PEER_LIMIT = 200;

/** An address of a torrent, and who named it. */
export interface SourcedPeer {
  readonly address: PeerAddress;
  readonly source: PeerSource;
}

export interface ResumeState {
  readonly name: string;
  /** Empty until the metadata is there. */
  readonly infoBytes: Uint8Array | undefined;
  readonly outputFolder: string;
  readonly storeKind: StoreKind;
  /** Verified and durable when the state was written. */
  readonly pieces: Bitfield | undefined;
  /** What the files looked like then. */
  readonly marks: readonly FileMark[];
  readonly priorities: readonly FilePriority[];
  /** Indexes of the files that are wanted of a magnet, until its metadata is there. */
  readonly selectedFiles: readonly number[] | undefined;
  readonly downloaded: number;
  readonly uploaded: number;
  readonly wasted: number;
  readonly addedAtMs: number;
  readonly isPaused: boolean;
  readonly sequential: boolean;
  readonly downBytesPerS: number | undefined;
  readonly upBytesPerS: number | undefined;
  readonly trackers: readonly (readonly string[])[];
  /** Those of them that a person added by hand: no .torrent and no magnet brings them again. */
  readonly addedTrackers: readonly string[];
  readonly webSeeds: readonly string[];
  readonly peers: readonly SourcedPeer[];
}

/** A state that was read. */
export interface ReadState {
  readonly state: ResumeState;
  /** False when its bytes are not those that were written, or are of another torrent. */
  readonly isIntact: boolean;
}

/** Writes the state, sealed by its SHA-1; at most 200 peers are kept. */
export function encodeResume(state: ResumeState): Uint8Array {
  const peers = state.peers.slice(0, PEER_LIMIT);
  return seal({
    format: FORMAT,
    name: state.name,
    info: state.infoBytes,
    output: state.outputFolder,
    store: state.storeKind,
    pieces: state.pieces?.bytes,
    'piece count': state.pieces?.length,
    marks: encodeMarks(state.marks),
    priorities: state.priorities.map((priority) => PRIORITIES.indexOf(priority)),
    selected: state.selectedFiles && [...state.selectedFiles],
    downloaded: state.downloaded,
    uploaded: state.uploaded,
    wasted: state.wasted,
    added: Math.round(state.addedAtMs),
    paused: state.isPaused ? 1 : 0,
    sequential: state.sequential ? 1 : 0,
    'down limit': state.downBytesPerS && Math.round(state.downBytesPerS),
    'up limit': state.upBytesPerS && Math.round(state.upBytesPerS),
    trackers: state.trackers.map((tier) => [...tier]),
    'added trackers': [...state.addedTrackers],
    'web seeds': [...state.webSeeds],
    peers: peers.map(({ address }) => formatPeerAddress(address)),
    'peer sources': peers.map(({ source }) => source),
  });
}

/**
 * Reads a state. One that is damaged claims no piece, so that all is checked; its metadata is kept
 * only when the hash is right.
 * @param infoHash - hex, of the torrent it should be of
 * @throws BencodeError for bytes that have not the shape of what `encodeResume` writes
 */
export function decodeResume(bytes: Uint8Array, infoHash: string): ReadState {
  const { reader, isIntact } = openSealed(bytes, 'resume');
  const state = readMembers(reader);
  const { infoBytes } = state;
  const isOther = infoBytes !== undefined && hash('sha1', infoBytes, 'hex') !== infoHash;
  if (isIntact && !isOther) return { state, isIntact: true };
  const claims = { pieces: undefined, marks: [], infoBytes: isOther ? undefined : infoBytes };
  return { state: { ...state, ...claims }, isIntact: false };
}

function readMembers(reader: DictReader): ResumeState {
  reader.integer('format', { min: FORMAT, max: FORMAT });
  const pieceBytes = reader.optionalBytes('pieces');
  const pieceCount = reader.optionalInteger('piece count', { min: 0 });
  const selected = reader.optionalList('selected');
  return {
    name: reader.text('name'),
    infoBytes: reader.optionalBytes('info'),
    outputFolder: reader.text('output'),
    storeKind: reader.optionalText('store') === 'chunks' ? 'chunks' : 'files',
    pieces: pieceBytes && Bitfield.fromBytes(pieceBytes, pieceCount ?? 0),
    marks: decodeMarks(reader.bytes('marks')),
    priorities: integers(reader.list('priorities'), { min: 0, max: 3 }).map((n) => PRIORITIES[n]!),
    selectedFiles: selected && integers(selected, { min: 0, max: Number.MAX_SAFE_INTEGER }),
    downloaded: reader.integer('downloaded', { min: 0 }),
    uploaded: reader.integer('uploaded', { min: 0 }),
    wasted: reader.integer('wasted', { min: 0 }),
    addedAtMs: reader.integer('added', { min: 0 }),
    isPaused: reader.integer('paused') === 1,
    sequential: reader.integer('sequential') === 1,
    downBytesPerS: reader.optionalInteger('down limit', { min: 0 }),
    upBytesPerS: reader.optionalInteger('up limit', { min: 0 }),
    trackers: lists(reader.list('trackers')).map((tier) => tier.texts()),
    addedTrackers: reader.optionalList('added trackers')?.texts() ?? [],
    webSeeds: reader.list('web seeds').texts(),
    peers: readPeers(reader),
  };
}

/** A peer whose source is not said, or no word of ours, is of the last run. */
function readPeers(reader: DictReader): SourcedPeer[] {
  const sources = reader.optionalList('peer sources')?.texts() ?? [];
  return reader
    .list('peers')
    .texts()
    .flatMap((text, at) => {
      const address = parsePeerAddress(text);
      const source = PEER_SOURCES.find((name) => name === sources[at]) ?? 'resume';
      return address === undefined ? [] : { address, source };
    });
}

/**
 * As bytes, since there may be two million of them, one for each chunk.
 *
 * Shape of each: length f64 B | time of change f64 ms since 1970
 */
function encodeMarks(marks: readonly FileMark[]): Uint8Array {
  const bytes = new Uint8Array(marks.length * MARK_LENGTH);
  const view = new DataView(bytes.buffer);
  for (const [index, { length, mtimeMs }] of marks.entries()) {
    view.setFloat64(index * MARK_LENGTH, length);
    view.setFloat64(index * MARK_LENGTH + 8, mtimeMs);
  }
  return bytes;
}

/** None when it is no whole number of marks, so that all is checked. */
function decodeMarks(bytes: Uint8Array): FileMark[] {
  if (bytes.length % MARK_LENGTH !== 0) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / MARK_LENGTH }, (_, index) => ({
    length: view.getFloat64(index * MARK_LENGTH),
    mtimeMs: view.getFloat64(index * MARK_LENGTH + 8),
  }));
}

function lists(reader: ListReader): ListReader[] {
  return reader.values.map((_, at) => reader.list(at));
}

function integers(reader: ListReader, range: { min: number; max: number }): number[] {
  return reader.values.map((_, at) => reader.integer(at, range));
}
