/** The fish that crosses the screen when a torrent is complete. */
import { useAnimation } from 'ink';
import { useEffect, useState } from 'react';
import { FISH } from '../components/rule.tsx';

const FRAME_MS = 100;
/** Frames of one crossing. */
const CROSSING = 30;

export interface Fish {
  /** Column, or undefined while none swims. */
  readonly at: number | undefined;
  readonly release: () => void;
}

/** @param width - columns of the screen */
export function useFish(width: number): Fish {
  const [isSwimming, setSwimming] = useState(false);
  const { frame, reset } = useAnimation({ interval: FRAME_MS, isActive: isSwimming });
  const hasArrived = isSwimming && frame > CROSSING;
  useEffect(() => {
    if (hasArrived) setSwimming(false);
  }, [hasArrived]);
  const path = width + FISH.length;
  return {
    at: isSwimming ? Math.round((frame / CROSSING) * path) - FISH.length : undefined,
    release: () => {
      reset();
      setSwimming(true);
    },
  };
}
