/** One name for each key, whatever the terminal sent. */

/** The part of Ink's `Key` that names a key. */
export interface KeyFacts {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly pageUp: boolean;
  readonly pageDown: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly return: boolean;
  readonly escape: boolean;
  readonly tab: boolean;
  readonly shift: boolean;
  readonly ctrl: boolean;
  readonly meta: boolean;
  readonly backspace: boolean;
  readonly delete: boolean;
}

const NAMES = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'esc'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const;

/** `a`, `G`, `space`, `enter`, `shift-tab`, `ctrl-c` …; letters that came in one go are themselves. */
export function keyName(input: string, key: KeyFacts): string {
  if (key.tab) return key.shift ? 'shift-tab' : 'tab';
  for (const [flag, name] of NAMES) if (key[flag]) return name;
  if (key.ctrl) return `ctrl-${input}`;
  if (key.meta) return `alt-${input}`;
  return letterName(input);
}

const LETTERS: Readonly<Record<string, string>> = {
  ' ': 'space',
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
};

/** Ctrl with a letter is sent as the letter's place in the alphabet. */
const CTRL_LETTER = /^[\x01-\x1a]$/;
/** From such a place to the small letter. */
const CTRL_OFFSET = 0x60;

/** The name of a key that arrived as a letter, maybe among others. */
export function letterName(letter: string): string {
  const name = LETTERS[letter];
  if (name !== undefined) return name;
  if (!CTRL_LETTER.test(letter)) return letter;
  return `ctrl-${String.fromCharCode(letter.charCodeAt(0) + CTRL_OFFSET)}`;
}
