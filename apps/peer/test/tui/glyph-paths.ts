/** Box drawing, blocks and braille as SVG path data, so that they join as on a terminal. */

const THIN = 1;
const THICK = 2.4;
const BRAILLE = 0x2800;
/** Column and row of each braille dot, by its bit. */
const BRAILLE_DOTS = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 2],
  [0, 3],
  [1, 3],
] as const;
const SHADES: Readonly<Record<string, number>> = { '░': 1, '▒': 2, '▓': 3 };

/** @returns path data for the cell whose corner is x, y; undefined for a letter */
export function drawGlyph(
  glyph: string,
  x: number,
  y: number,
  width: number,
  height: number,
): string | undefined {
  const code = glyph.codePointAt(0)!;
  if (code >= BRAILLE && code < BRAILLE + 256) return braille(code - BRAILLE, x, y, width, height);
  const midX = x + width / 2;
  const midY = y + height / 2;
  switch (glyph) {
    case '─':
      return box(x, midY - THIN / 2, width, THIN);
    case '━':
      return box(x, midY - THICK / 2, width, THICK);
    case '╸':
      return box(x, midY - THICK / 2, width / 2, THICK);
    case '│':
      return box(midX - THIN / 2, y, THIN, height);
    case '╭':
      return box(midX - THIN / 2, midY, THIN, height / 2) + box(midX, midY, width / 2, THIN);
    case '╮':
      return box(midX - THIN / 2, midY, THIN, height / 2) + box(x, midY, width / 2, THIN);
    case '╰':
      return box(midX - THIN / 2, y, THIN, height / 2) + box(midX, midY, width / 2, THIN);
    case '╯':
      return box(midX - THIN / 2, y, THIN, height / 2) + box(x, midY, width / 2, THIN);
    case '█':
      return box(x, y, width, height);
    case '▌':
      return box(x, y, width / 2, height);
    case '■':
      return box(x + width * 0.1, midY - width * 0.4, width * 0.8, width * 0.8);
    default:
      return glyph in SHADES ? shade(SHADES[glyph]!, x, y, width, height) : undefined;
  }
}

function braille(bits: number, x: number, y: number, width: number, height: number): string {
  let path = '';
  for (const [bit, [column, row]] of BRAILLE_DOTS.entries()) {
    if ((bits & (1 << bit)) === 0) continue;
    const dot = width * 0.32;
    path += box(
      x + ((column + 0.5) * width) / 2 - dot / 2,
      y + ((row + 0.5) * height) / 4 - dot / 2,
      dot,
      dot,
    );
  }
  return path;
}

/** Dots on a grid, more of them for darker shades. */
function shade(darkness: number, x: number, y: number, width: number, height: number): string {
  const share = [0, 0.3, 0.5, 0.72][darkness]!;
  let path = '';
  for (let row = 0; row < 4; row++)
    path += box(x, y + (row * height) / 4, width, (height / 4) * share);
  return path;
}

function box(x: number, y: number, width: number, height: number): string {
  return `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`;
}

function short(n: number): string {
  return String(Math.round(n * 100) / 100);
}
