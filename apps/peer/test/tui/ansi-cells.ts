/** What `tmux capture-pane -e` prints, as cells with their style. */
import stringWidth from 'string-width';

export interface Style {
  /** 0-15 of the terminal's palette; undefined is its own colour. */
  readonly colour: number | undefined;
  readonly isBold: boolean;
  readonly isDim: boolean;
}

/** A run of letters in one style. */
export interface Run {
  readonly row: number;
  readonly column: number;
  /** Columns it takes. */
  readonly width: number;
  readonly text: string;
  readonly style: Style;
}

const PLAIN: Style = { colour: undefined, isBold: false, isDim: false };
const SGR = /\x1b\[([\d;]*)m/g;

/** @param capture - lines with SGR sequences and no others; the style goes on over line ends */
export function readRuns(capture: string): Run[] {
  const runs: Run[] = [];
  let style = PLAIN;
  for (const [row, line] of capture.split('\n').entries()) {
    let column = 0;
    let at = 0;
    const take = (text: string): void => {
      const width = stringWidth(text);
      if (text !== '') runs.push({ row, column, width, text, style });
      column += width;
    };
    for (const match of line.matchAll(SGR)) {
      take(line.slice(at, match.index));
      at = match.index + match[0].length;
      style = applySgr(style, match[1]!.split(';').map(Number));
    }
    take(line.slice(at));
  }
  return runs;
}

function applySgr(before: Style, codes: readonly number[]): Style {
  let { colour, isBold, isDim } = before;
  for (const code of codes) {
    if (code === 0) [colour, isBold, isDim] = [undefined, false, false];
    else if (code === 1) isBold = true;
    else if (code === 2) isDim = true;
    else if (code === 22) [isBold, isDim] = [false, false];
    else if (code === 39) colour = undefined;
    else if (code >= 30 && code <= 37) colour = code - 30;
    else if (code >= 90 && code <= 97) colour = code - 82;
  }
  return { colour, isBold, isDim };
}
