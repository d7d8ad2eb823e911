/** The few facts that deserve a line on every screen. */
import type { EngineEvent } from '@shoal/engine';
import { useEffect, useEffectEvent } from 'react';
import { eventNotice } from '../actions/event-notice.ts';
import type { EnginePort } from '../engine-port.ts';
import type { Notice } from '../state/ui-state.ts';

/** @param onNotice - told of what `eventNotice` finds worth a line, with the event itself */
export function useEngineEvents(
  engine: EnginePort,
  onNotice: (notice: Notice, event: EngineEvent) => void,
): void {
  const handleEvent = useEffectEvent((event: EngineEvent) => {
    const notice = eventNotice(event);
    if (notice !== undefined) onNotice(notice, event);
  });
  useEffect(() => engine.onEvent(handleEvent), [engine]);
}
