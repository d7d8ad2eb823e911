/** Lines from outside the engine. */
import { useEffect, useEffectEvent } from 'react';

/** @param listen - calls back for each line. @returns unsubscribe */
export function useNotices(
  listen: ((listener: (text: string) => void) => () => void) | undefined,
  onNotice: (text: string) => void,
): void {
  const handleNotice = useEffectEvent(onNotice);
  useEffect(() => listen?.((text) => handleNotice(text)), [listen]);
}
