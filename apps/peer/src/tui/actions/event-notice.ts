/** What the engine's events say to a person. Pure. */
import type { EngineEvent } from '@shoal/engine';
import { formatBytes, formatRate } from '../format/bytes.ts';
import { stopReason } from '../format/stop-reason.ts';
import { formatDuration } from '../format/time.ts';
import type { Notice } from '../state/ui-state.ts';

/** The line for an event, or undefined for events that only logs want. */
export function eventNotice(event: EngineEvent): Notice | undefined {
  switch (event.type) {
    case 'complete':
      return completeNotice(event);
    case 'metadata':
      return { tone: 'plain', text: `${event.name}: the metadata is here`, name: event.name };
    case 'torrent-error':
      return { tone: 'bad', text: `! ${stopReason(event.message).text}` };
    default:
      return undefined;
  }
}

type Complete = Extract<EngineEvent, { type: 'complete' }>;

/** Whether a download has come to its end, not just a look at what lay here. */
export function isArrival({ length, fetchedLength }: Complete): boolean {
  return length > 0 && fetchedLength > 0;
}

function completeNotice(event: Complete): Notice {
  const { name, length, fetchedLength, elapsedMs } = event;
  if (length === 0) return { tone: 'plain', text: `nothing of ${name} is selected`, name };
  if (!isArrival(event)) return { tone: 'plain', text: `all of ${name} is here already`, name };
  const seconds = elapsedMs / 1000;
  const speed = seconds >= 1 ? `, ${formatRate(fetchedLength / seconds)}` : '';
  const what = `${formatBytes(fetchedLength)} in ${formatDuration(seconds)}${speed}`;
  return { tone: 'good', text: `✓ ${name} is complete: ${what}`, name };
}
