/** Keeps the title of the terminal's window. */
import { useEffect, useEffectEvent } from 'react';

/** @param setTitle - called at first and when the title changes */
export function useWindowTitle(
  title: string,
  setTitle: ((title: string) => void) | undefined,
): void {
  const handleTitle = useEffectEvent((shown: string): void => setTitle?.(shown));
  useEffect(() => void handleTitle(title), [title]);
}
