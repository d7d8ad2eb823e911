/** Rates over time as filled braille: two dots a column, four steps a row. */

/** Dots of a braille cell from the bottom up, for its left and its right column. */
const LEFT = [0x40, 0x04, 0x02, 0x01] as const;
const RIGHT = [0x80, 0x20, 0x10, 0x08] as const;
const BRAILLE = 0x2800;
const STEPS = 4;

/** A young graph shows this many seconds, mostly empty, and fills from the right. */
const MIN_SAMPLES = 30;

/**
 * How many of the newest samples a graph of `width` columns shows: all there are, stretched over
 * the whole width, but not more than it has room for.
 */
export function shownSampleCount(sampleCount: number, width: number): number {
  return Math.min(width * 2, Math.max(MIN_SAMPLES, sampleCount));
}

/**
 * Draws the newest samples, right-aligned, as an area that stands on the last line.
 *
 * A sample above 0 shows at least one step, so that a trickle can be told from silence.
 * @param samples - oldest first
 * @param max - the sample that reaches the top
 * @param hanging - draw it hanging from the first line instead
 * @returns `height` lines of `width` columns each, top first
 */
export function areaGraph(
  samples: readonly number[],
  width: number,
  height: number,
  max: number,
  hanging = false,
): string[] {
  const columnCount = width * 2;
  const shown = shownSampleCount(samples.length, width);
  const steps = Array.from({ length: columnCount }, (_, column) => {
    const back = shown - Math.floor((column * shown) / columnCount);
    return stepsOf(samples[samples.length - back] ?? 0, max, height * STEPS);
  });
  return Array.from({ length: height }, (_, line) => {
    const row = hanging ? line : height - 1 - line;
    let text = '';
    for (let cell = 0; cell < width; cell++) {
      const left = steps[cell * 2]! - row * STEPS;
      const right = steps[cell * 2 + 1]! - row * STEPS;
      const bits = dots(LEFT, left, hanging) | dots(RIGHT, right, hanging);
      text += bits === 0 ? ' ' : String.fromCharCode(BRAILLE | bits);
    }
    return text;
  });
}

/** The largest of the samples that `areaGraph` would draw; 0 when there is none. */
export function graphPeak(samples: readonly number[], width: number): number {
  const shown = samples.slice(-shownSampleCount(samples.length, width));
  return shown.reduce((peak, sample) => Math.max(peak, sample), 0);
}

function stepsOf(sample: number, max: number, limit: number): number {
  if (!(sample > 0) || max <= 0) return 0;
  return Math.min(limit, Math.max(1, Math.round((sample / max) * limit)));
}

function dots(column: readonly number[], count: number, hanging: boolean): number {
  let bits = 0;
  for (let step = 0; step < Math.min(STEPS, count); step++)
    bits |= column[hanging ? STEPS - 1 - step : step]!;
  return bits;
}
