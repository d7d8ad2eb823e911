/** Waits for what an engine tells. */
import type { EngineEvent, EngineHandle } from '../src/index.ts';

/** The next event of a type, from now on. */
export function nextEvent<T extends EngineEvent['type']>(
  engine: EngineHandle,
  type: T,
): Promise<Extract<EngineEvent, { type: T }>> {
  const { promise, resolve } = Promise.withResolvers<Extract<EngineEvent, { type: T }>>();
  const stop = engine.onEvent((found) => {
    if (found.type !== type) return;
    stop();
    resolve(found as Extract<EngineEvent, { type: T }>);
  });
  return promise;
}
