/** What the engine's events say to a person. Pure. */
import type { EngineEvent } from '@shoal/engine';
import { formatBytes, formatRate } from '../format/bytes.ts';
import { formatDuration } from '../format/time.ts';
import type { Notice } from '../state/ui-state.ts';

/** The line for an event, or undefined for events that only logs want. */
export function eventNotice(event: EngineEvent): Notice | undefined {
  switch (event.type) {
    case 'complete': {
      const seconds = event.elapsedMs / 1000;
      const speed = seconds > 0 ? `, ${formatRate(event.length / seconds)}` : '';
      const text = `✓ ${event.name} is complete: ${formatBytes(event.length)} in ${formatDuration(seconds)}${speed}`;
      return { tone: 'good', text };
    }
    case 'metadata':
      return { tone: 'plain', text: `${event.name}: the metadata is here` };
    case 'torrent-error':
      return { tone: 'bad', text: `! ${event.message}` };
    default:
      return undefined;
  }
}
