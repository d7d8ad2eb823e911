/** Wall time that moves on once a second, for what counts down on the screen. */
import { useEffect, useState } from 'react';

const TICK_MS = 1000;

/** @returns milliseconds since 1970 */
export function useNow(wallMs: () => number): number {
  const [nowMs, setNowMs] = useState(wallMs);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(wallMs()), TICK_MS);
    return () => clearInterval(timer);
  }, [wallMs]);
  return nowMs;
}
