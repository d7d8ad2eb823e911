/** The torrent engine. */

export { systemClock } from './adapters/clock.ts';
export { systemRandom } from './adapters/random.ts';
export type {
  AddOptions,
  EngineEvent,
  EngineHandle,
  KnownPeerSnapshot,
  MagnetSource,
  PieceSnapshot,
  RemoveOptions,
  StoreKind,
  TorrentByHand,
  TorrentHandle,
} from './api.ts';
export { createEngine } from './engine.ts';
export { EngineError, type EngineErrorCode } from './engine-error.ts';
export type { EngineOptions } from './engine-options.ts';
export type { EncryptionPolicy } from './peers/encryption.ts';
export type {
  EngineSnapshot,
  FilePriority,
  FileSnapshot,
  Limits,
  LogLine,
  PeerSnapshot,
  PeerSource,
  RateHistory,
  TorrentDetail,
  TorrentStatusName,
  TorrentSummary,
  TrackerSnapshot,
  TrackerTrouble,
} from './state/snapshot.ts';
