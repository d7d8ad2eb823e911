/** A frame as lines of text. */
import { stripVTControlCharacters } from 'node:util';

/** @param instance - as ink-testing-library's `render` returns it; it is taken down */
export function linesOf(instance: {
  readonly lastFrame: () => string | undefined;
  readonly unmount: () => void;
}): string[] {
  const frame = stripVTControlCharacters(instance.lastFrame() ?? '');
  instance.unmount();
  return frame.split('\n').map((line) => line.trimEnd());
}
