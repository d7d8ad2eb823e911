/** The part of the engine that the screen needs; the engine's own handles fit. */
import type { EngineHandle, TorrentHandle } from '@shoal/engine';

export type TorrentPort = Pick<
  TorrentHandle,
  | 'infoHash'
  | 'getSummary'
  | 'getDetail'
  | 'pause'
  | 'resume'
  | 'verify'
  | 'setLimits'
  | 'setSequential'
  | 'setFilePriority'
  | 'announce'
>;

export interface EnginePort
  extends Pick<EngineHandle, 'subscribe' | 'getSnapshot' | 'onEvent' | 'setLimits' | 'remove'> {
  torrent(infoHash: string): TorrentPort | undefined;
}
