/** A terminal's screen as an SVG that looks the same with every font. */
import stringWidth from 'string-width';
import { type Run, readRuns, type Style } from './ansi-cells.ts';
import { drawGlyph } from './glyph-paths.ts';

export interface Look {
  readonly background: string;
  readonly foreground: string;
  readonly frame: string;
  /** The 16 colours. */
  readonly palette: readonly string[];
}

export const DARK: Look = {
  background: '#12171f',
  foreground: '#d5dde8',
  frame: '#2a3340',
  palette: [
    ...['#1b222c', '#f0717b', '#7fd1a0', '#e8c170', '#6ea8f7', '#c792ea', '#5cc8d7', '#c5cfdb'],
    ...['#5c6876', '#ff8f98', '#9be8b8', '#ffd98a', '#8fc0ff', '#dcb0ff', '#83e2ef', '#ffffff'],
  ],
};

export const LIGHT: Look = {
  background: '#fbfbf9',
  foreground: '#24292f',
  frame: '#d0d7de',
  palette: [
    ...['#24292f', '#cf222e', '#116329', '#8a5b00', '#0969da', '#8250df', '#1b7c83', '#6e7781'],
    ...['#57606a', '#a40e26', '#1a7f37', '#633c01', '#218bff', '#a475f9', '#3192aa', '#8c959f'],
  ],
};

const FONT_SIZE = 14;
const CELL_WIDTH = 8.43;
const CELL_HEIGHT = 18;
const BASELINE = 13.5;
const MARGIN = 16;
const TITLE_HEIGHT = 30;

/** @param capture - as `tmux capture-pane -pe` prints it */
export function ansiToSvg(capture: string, look: Look, columns: number, rows: number): string {
  const width = columns * CELL_WIDTH + MARGIN * 2;
  const height = rows * CELL_HEIGHT + MARGIN + TITLE_HEIGHT;
  const body = readRuns(capture)
    .map((run) => drawRun(run, look))
    .join('');
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, index) => `<circle cx="${20 + index * 18}" cy="16" r="5.5" fill="${fill}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${height}" viewBox="0 0 ${round(width)} ${height}" font-family="DejaVu Sans Mono,Menlo,Consolas,ui-monospace,monospace" font-size="${FONT_SIZE}" fill="${look.foreground}">`,
    `<rect x="0.5" y="0.5" width="${round(width - 1)}" height="${height - 1}" rx="9" fill="${look.background}" stroke="${look.frame}"/>`,
    ...dots,
    `<g transform="translate(${MARGIN} ${TITLE_HEIGHT})">${body}</g>`,
    '</svg>\n',
  ].join('\n');
}

/** Letters as text, boxes, bars and braille as shapes: fonts disagree about those. */
function drawRun(run: Run, look: Look): string {
  const y = run.row * CELL_HEIGHT;
  let path = '';
  let text = '';
  let textColumn = 0;
  let output = '';
  let column = run.column;
  const flush = (): void => {
    if (text.trim() !== '') output += drawText(text, textColumn, y, run.style, look);
    text = '';
  };
  for (const { segment } of new Intl.Segmenter().segment(run.text)) {
    const shape = drawGlyph(segment, column * CELL_WIDTH, y, CELL_WIDTH, CELL_HEIGHT);
    if (shape === undefined) {
      if (text === '') textColumn = column;
      text += segment;
    } else {
      flush();
      path += shape;
    }
    column += stringWidth(segment);
  }
  flush();
  if (path !== '') output += `<path d="${path}"${paint(run.style, look)}/>`;
  return output;
}

function drawText(text: string, column: number, y: number, style: Style, look: Look): string {
  const lead = text.length - text.trimStart().length;
  const shown = text.trim();
  const x = round((column + lead) * CELL_WIDTH);
  const length = round(stringWidth(shown) * CELL_WIDTH);
  const weight = style.isBold ? ' font-weight="bold"' : '';
  return `<text x="${x}" y="${round(y + BASELINE)}" textLength="${length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve"${weight}${paint(style, look)}>${escapeXml(shown)}</text>`;
}

function paint({ colour, isDim }: Style, look: Look): string {
  const fill = colour === undefined ? '' : ` fill="${look.palette[colour]}"`;
  return isDim ? `${fill} fill-opacity="0.5"` : fill;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(n: number): number {
  return Math.round(n * 100) / 100;
}
