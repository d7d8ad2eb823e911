/** The part of a long list that fits on the screen. */

export interface ListWindow {
  /** Index of the first shown. */
  readonly first: number;
  /** One past the last shown. */
  readonly end: number;
}

/**
 * Keeps `selected` in view with a little context, and the list filled to its end.
 * @param room - how many entries fit
 */
export function listWindow(count: number, selected: number, room: number): ListWindow {
  if (count <= room) return { first: 0, end: count };
  const size = Math.max(1, room);
  const first = Math.min(Math.max(0, selected - Math.floor(size / 2)), count - size);
  return { first, end: first + size };
}

/** `11–20 of 134`, or nothing when all of it is shown. */
export function formatWindow(window: ListWindow, count: number): string {
  if (window.end - window.first >= count) return '';
  return `${window.first + 1}–${window.end} of ${count}`;
}
