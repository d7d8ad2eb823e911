/** The part of the engine that the screen needs; the engine's own handles fit. */
import type { EngineHandle, TorrentHandle } from '@shoal/engine';

export interface TorrentPort
  extends Pick<
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
    | 'setFilePriorities'
    | 'announce'
  > {
  readonly byHand: Pick<TorrentHandle['byHand'], 'disconnectPeer'>;
}

export interface EnginePort
  extends Pick<
    EngineHandle,
    'subscribe' | 'getSnapshot' | 'onEvent' | 'setLimits' | 'remove' | 'banHost'
  > {
  torrent(infoHash: string): TorrentPort | undefined;
}
