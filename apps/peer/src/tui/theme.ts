/** Tones: what a piece of text means, apart from how it is painted. */

export type Tone = 'accent' | 'down' | 'up' | 'good' | 'warn' | 'bad' | 'faint' | 'plain';

/** How Ink paints a tone. */
interface Paint {
  readonly color?: string;
  readonly dimColor?: boolean;
}

export type Theme = Readonly<Record<Tone, Paint>>;

/**
 * The 16 colours of the terminal's own palette, which its owner made readable on its own
 * background, light or dark. Black, white and grey would vanish on one of the two, so they are
 * left out; faint text is the terminal's own colour, dimmed.
 */
export const colourTheme: Theme = {
  accent: { color: 'cyan' },
  down: { color: 'cyan' },
  up: { color: 'magenta' },
  good: { color: 'green' },
  warn: { color: 'yellow' },
  bad: { color: 'red' },
  faint: { dimColor: true },
  plain: {},
};

/** For NO_COLOR: meaning is in the letters; dim and bold are not colours and stay. */
export const plainTheme: Theme = {
  accent: {},
  down: {},
  up: {},
  good: {},
  warn: {},
  bad: {},
  faint: { dimColor: true },
  plain: {},
};

/** @see https://no-color.org: set and not empty means no colour */
export function themeFor(env: { readonly NO_COLOR?: string | undefined }): Theme {
  return env.NO_COLOR ? plainTheme : colourTheme;
}
