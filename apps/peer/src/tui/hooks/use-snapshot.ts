/** The only place where screens touch the engine's state. */
import type { EngineSnapshot, TorrentDetail } from '@shoal/engine';
import { useCallback, useSyncExternalStore } from 'react';
import type { EnginePort } from '../engine-port.ts';

/** The engine's snapshot; renders again when it changes, as often as the engine says so. */
export function useEngineSnapshot(engine: EnginePort): EngineSnapshot {
  const subscribe = useCallback((listener: () => void) => engine.subscribe(listener), [engine]);
  const getSnapshot = useCallback(() => engine.getSnapshot(), [engine]);
  return useSyncExternalStore(subscribe, getSnapshot);
}

/** The detail of one torrent, made by the engine only while this is asked for. */
export function useTorrentDetail(
  engine: EnginePort,
  infoHash: string | undefined,
): TorrentDetail | undefined {
  const subscribe = useCallback((listener: () => void) => engine.subscribe(listener), [engine]);
  const getDetail = useCallback(
    () => (infoHash === undefined ? undefined : engine.torrent(infoHash)?.getDetail()),
    [engine, infoHash],
  );
  return useSyncExternalStore(subscribe, getDetail);
}
