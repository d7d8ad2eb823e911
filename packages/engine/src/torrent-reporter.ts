/** Tells the world what happens to one torrent: events for scripts, log lines for people. */
import { formatPeerAddress, type PieceIndex } from '@shoal/units';
import type { EngineEvent } from './api.ts';
import type { PeerConnection } from './peers/peer-connection.ts';
import type { LogLine } from './state/snapshot.ts';
import { TorrentLog } from './state/torrent-log.ts';
import type { TorrentParts } from './torrent-parts.ts';

/** An event without the infohash, which is the reporter's to add. */
type Happening<T = EngineEvent> = T extends EngineEvent ? Omit<T, 'infoHash'> : never;

export class TorrentReporter {
  readonly log: TorrentLog;
  readonly #infoHash: string;
  readonly #parts: TorrentParts;

  /** @param infoHash - hex */
  constructor(infoHash: string, parts: TorrentParts) {
    this.#infoHash = infoHash;
    this.#parts = parts;
    this.log = new TorrentLog(parts.clock);
  }

  emit(happening: Happening): void {
    this.#parts.emit({ ...happening, infoHash: this.#infoHash } as EngineEvent);
    this.#parts.markChanged();
  }

  note(level: LogLine['level'], text: string): void {
    this.log.add(level, text);
    this.#parts.markChanged();
  }

  joined(peer: PeerConnection): void {
    const address = formatPeerAddress(peer.address);
    this.note('info', `${address} connected: ${peer.clientName}`);
    this.emit({ type: 'peer-joined', address, client: peer.clientName });
  }

  left(peer: PeerConnection, reason: string): void {
    const address = formatPeerAddress(peer.address);
    this.note('info', `${address} left: ${reason}`);
    const [downloaded, uploaded] = [peer.down.total, peer.up.total];
    this.emit({ type: 'peer-left', address, reason, downloaded, uploaded });
  }

  banned(peer: PeerConnection, reason: string): void {
    const address = formatPeerAddress(peer.address);
    this.note('warn', `banned ${address}: ${reason}`);
    this.emit({ type: 'peer-banned', address, reason });
  }

  announced(answer: Omit<Extract<EngineEvent, { type: 'tracker' }>, 'type' | 'infoHash'>): void {
    const { url, message, peerCount } = answer;
    const peers = peerCount === 1 ? '1 peer' : `${peerCount} peers`;
    // No more of it: its path may have a passkey.
    const tracker = `tracker ${URL.parse(url)?.host ?? 'of a bad URL'}`;
    if (message !== '') this.note('warn', `${tracker}: ${message}`);
    else this.note('info', `${tracker} gave ${peers}`);
    this.emit({ type: 'tracker', ...answer });
  }

  hashFailed(pieceIndex: PieceIndex): void {
    this.note('warn', `piece ${pieceIndex} failed its hash`);
    this.emit({ type: 'hash-failed', index: pieceIndex });
  }

  stateDamaged(name: string): void {
    const what = 'the state of the last run is damaged; what lies on disk is checked again';
    const message = `${name}: ${what}`;
    this.note('warn', what);
    this.emit({ type: 'state-damaged', message });
  }

  failed(code: string, message: string): void {
    this.note('error', message);
    this.emit({ type: 'torrent-error', code, message });
  }
}
