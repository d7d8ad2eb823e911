/** Follows a signal. */
import { useEffect, useEffectEvent } from 'react';

/** @param onAbort - called once, at once when the signal was aborted before */
export function useAbort(signal: AbortSignal | undefined, onAbort: () => void): void {
  const handleAbort = useEffectEvent(onAbort);
  useEffect(() => {
    if (signal === undefined) return undefined;
    const listener = () => handleAbort();
    if (signal.aborted) listener();
    else signal.addEventListener('abort', listener, { once: true });
    return () => signal.removeEventListener('abort', listener);
  }, [signal]);
}
