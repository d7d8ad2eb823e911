/** The only place where keys come in. */
import { useInput, usePaste } from 'ink';
import { keyName, letterName } from '../state/key-name.ts';

export interface KeymapSinks {
  /** @param name - as `keyName` makes it; @param input - the text of the key, empty for named keys */
  readonly onKey: (name: string, input: string) => void;
  /** Text from the clipboard, as it was. */
  readonly onPaste: (text: string) => void;
  /** Whether letters are text and not keys. */
  readonly isTyping: () => boolean;
}

/**
 * Hands each key on by its name. Letters that arrived in one go are keys one after the other,
 * unless they look like a paste from a terminal that does not mark pastes.
 */
export function useKeymap({ onKey, onPaste, isTyping }: KeymapSinks): void {
  useInput((input, key) => {
    const name = keyName(input, key);
    if (name.length < 2 || name !== input) return onKey(name, input);
    if (!isTyping() && PASTE_LIKE.test(input)) return onPaste(input);
    for (const letter of input) onKey(letterName(letter), letter);
  });
  usePaste(onPaste);
}

const PASTE_LIKE = /^(?:magnet:|[~/.]*\/|file:)\S/i;
