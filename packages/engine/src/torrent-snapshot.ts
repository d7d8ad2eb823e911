/** Builds what screens see of a torrent from its parts. Reads, changes nothing. */
import { formatMagnet, type Info } from '@shoal/metainfo';
import { Bitfield, formatPeerAddress, type InfoHash } from '@shoal/units';
import type { Content } from './content.ts';
import type { ContentCheck } from './content-check.ts';
import type { PeerConnection } from './peers/peer-connection.ts';
import type {
  FileSnapshot,
  PeerSnapshot,
  TorrentDetail,
  TorrentStatusName,
  TorrentSummary,
  TrackerSnapshot,
  TrackerTrouble,
} from './state/snapshot.ts';
import type { TorrentNetwork } from './torrent-network.ts';
import type { TorrentRecord } from './torrent-record.ts';
import type { TorrentReporter } from './torrent-reporter.ts';
import type { TorrentStatus } from './torrent-status.ts';
import type { Traffic } from './transfer/traffic.ts';

const NO_PIECES = new Bitfield(0);

/** The parts of a torrent that are looked at. */
export interface TorrentView {
  /** Hex. */
  readonly infoHash: string;
  readonly infoHashBytes: InfoHash;
  readonly record: TorrentRecord;
  readonly status: TorrentStatus;
  readonly content: Content | undefined;
  readonly network: TorrentNetwork;
  readonly reporter: TorrentReporter;
  readonly traffic: Traffic;
  readonly check: ContentCheck | undefined;
}

/** The line of a torrent in a list. */
export function summarize(torrent: TorrentView, nowMs: number): TorrentSummary {
  const { content, check, record, status, traffic } = torrent;
  const { totals } = traffic;
  const { swarm, pool } = torrent.network;
  const have = shownPieces(torrent);
  const haveLength = content?.selection.wantedHaveLength(have) ?? 0;
  const wantedLength = content?.selection.wantedLength ?? 0;
  const downBytesPerS = traffic.down.meter.rateAt(nowMs);
  return Object.freeze({
    infoHash: torrent.infoHash,
    name: record.name,
    status: status.name,
    error: status.name === 'error' ? status.message : undefined,
    totalLength: content?.info.layout.totalLength ?? 0,
    wantedLength,
    haveLength,
    fileCount: content === undefined ? 0 : countFiles(content.info),
    wantedFileCount: content?.selection.wantedFileCount ?? 0,
    checkedFraction: status.name === 'checking' ? (check?.fraction ?? 0) : 1,
    pieceCount: content?.info.layout.pieceCount ?? 0,
    havePieceCount: have.count,
    isUnchecked: isUnchecked(torrent),
    downloaded: totals.downloaded,
    uploaded: totals.uploaded,
    downBytesPerS,
    upBytesPerS: traffic.up.meter.rateAt(nowMs),
    etaS: eta(status.name, wantedLength - haveLength, downBytesPerS),
    ratio: ratio(totals.uploaded, Math.max(totals.downloaded, haveLength)),
    peerCount: swarm.size,
    seederCount: swarm.seederCount,
    knownPeerCount: pool.size,
    trackerTrouble: trackerTrouble(torrent.network.sources.announcer.states()),
    isPrivate: content?.info.isPrivate ?? false,
    addedAtMs: record.addedAtMs,
  });
}

/** Everything about a torrent. */
export function detail(torrent: TorrentView, nowMs: number): TorrentDetail {
  const { content, record } = torrent;
  const have = shownPieces(torrent);
  return Object.freeze({
    ...summarize(torrent, nowMs),
    pieceLength: content?.info.layout.pieceLength ?? 0,
    pieces: have.clone(),
    activePieces: content === undefined ? [] : [...content.tracker.active.keys()],
    availability: content?.tracker.availability.snapshot() ?? new Uint8Array(0),
    files: content === undefined ? [] : files(content, have),
    peers: Array.from(torrent.network.swarm.peers(), (peer) => peerSnapshot(peer)),
    trackers: torrent.network.sources.announcer.states(),
    log: torrent.reporter.log.lines,
    history: torrent.traffic.samples.snapshot(),
    limits: torrent.traffic.limits,
    sequential: record.sequential,
    wasted: record.wasted(content),
    outputFolder: record.outputFolder,
    magnet: formatMagnet({
      infoHash: torrent.infoHashBytes,
      name: record.name,
      trackers: record.trackerTiers.flat(),
      webSeeds: record.webSeeds,
      peers: [],
    }),
  });
}

/** One connection as screens show it. */
export function peerSnapshot(peer: PeerConnection): PeerSnapshot {
  const { session, pieces } = peer;
  return {
    address: formatPeerAddress(peer.address),
    client: peer.clientName,
    source: peer.source,
    incoming: peer.transport.incoming,
    isEncrypted: peer.isEncrypted,
    progress: pieces.length === 0 ? 0 : pieces.count / pieces.length,
    downBytesPerS: peer.down.bytesPerS,
    upBytesPerS: peer.up.bytesPerS,
    downloaded: peer.down.total,
    uploaded: peer.up.total,
    amChoking: session.amChoking,
    amInterested: session.amInterested,
    peerChoking: session.peerChoking,
    peerInterested: session.peerInterested,
    isSnubbed: peer.isSnubbed,
    isOptimistic: peer.isOptimistic,
    requestCount: peer.requests.size,
  };
}

/** Before its first check those that the last run left: nothing has been looked at that differs. */
function shownPieces({ content, check, status }: TorrentView): Bitfield {
  const claimed = status.name === 'checking' ? undefined : check?.claimed;
  return claimed ?? content?.tracker.have ?? NO_PIECES;
}

function isUnchecked({ content, check, status }: TorrentView): boolean {
  if (status.name !== 'paused' && status.name !== 'error') return false;
  if (content === undefined || check?.isDone || check?.claimed !== undefined) return false;
  return content.tracker.have.count === 0;
}

function files({ info, selection }: Content, have: Bitfield): FileSnapshot[] {
  return info.files.flatMap((file, index) => {
    if (file.isPad) return [];
    const { first, last } = selection.rangeOf(index);
    const snapshot: FileSnapshot = {
      index,
      path: file.path.join('/'),
      length: file.length,
      haveLength: selection.haveLength(index, have),
      priority: selection.priorities[index]!,
      firstPiece: first,
      lastPiece: last,
    };
    return [snapshot];
  });
}

function countFiles({ files }: Info): number {
  let count = 0;
  for (const { isPad } of files) if (!isPad) count++;
  return count;
}

function trackerTrouble(trackers: readonly TrackerSnapshot[]): TrackerTrouble | undefined {
  const outcomes = new Set(trackers.map(({ lastOutcome }) => lastOutcome));
  if (outcomes.has('accepted')) return undefined;
  if (outcomes.has('refused')) return 'refusal';
  return outcomes.has('failed') ? 'no-answer' : undefined;
}

function eta(status: TorrentStatusName, left: number, bytesPerS: number): number | undefined {
  if (status !== 'downloading' || bytesPerS < 1) return undefined;
  return Math.ceil(left / bytesPerS);
}

function ratio(uploaded: number, downloaded: number): number {
  return downloaded === 0 ? 0 : uploaded / downloaded;
}
