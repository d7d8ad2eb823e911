/** Takes a notice off the screen after a while. */
import { type Dispatch, useEffect } from 'react';
import type { UiAction } from '../state/ui-reducer.ts';
import type { Notice } from '../state/ui-state.ts';

const SHOWN_MS = 8_000;

export function useNoticeTimeout(notice: Notice | undefined, dispatch: Dispatch<UiAction>): void {
  useEffect(() => {
    if (notice === undefined) return undefined;
    const timer = setTimeout(() => dispatch({ type: 'forget-notice', notice }), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice, dispatch]);
}
