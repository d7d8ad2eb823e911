/** Finds what a test left open: sockets, servers, timers. */

/** Kinds that the test runner itself opens and closes at its own time. */
const NOT_OURS = new Set(['PipeWrap', 'TTYWrap', 'FSReqPromise', 'FSReqCallback', 'MessagePort']);

/** How long closing may take: a few turns of the loop, and the test runner has short timers too. */
const DEFAULT_PATIENCE_MS = 2000;

/**
 * Notes what is open now; the returned function fails if there is more of any kind later. A single
 * timer can hide behind one that the test runner had running at the beginning.
 *
 * @returns call it when all is closed: it resolves as soon as nothing is left open, and rejects with
 * an Error that names what still is when its patience is over
 */
export function checkClosed(patienceMs = DEFAULT_PATIENCE_MS): () => Promise<void> {
  const before = openResources();
  return async () => {
    const startMs = performance.now();
    let left = leftOver(before);
    while (left.length > 0 && performance.now() - startMs < patienceMs) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      left = leftOver(before);
    }
    if (left.length > 0) throw new Error(`left open: ${left.join(', ')}`);
  };
}

function leftOver(before: ReadonlyMap<string, number>): string[] {
  return [...openResources()]
    .filter(([kind, count]) => count > (before.get(kind) ?? 0))
    .map(([kind, count]) => `${count - (before.get(kind) ?? 0)} ${kind}`);
}

function openResources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo())
    if (!NOT_OURS.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}
