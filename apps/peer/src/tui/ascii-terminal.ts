/** A terminal to draw on that can show ASCII alone. */
import { isUtf8Locale, type LocaleVariables } from '@shoal/cli';
import { toAscii } from './format/ascii.ts';

/** What the terminal can show is told by these. */
export type TerminalVariables = LocaleVariables & { readonly TERM?: string | undefined };

/**
 * Whether the screen's own glyphs can be shown. The font of the Linux console (`TERM=linux`) lacks
 * most of them, whatever the locale.
 */
export function showsGlyphs(env: TerminalVariables): boolean {
  return env.TERM !== 'linux' && isUtf8Locale(env);
}

/** The same terminal; all text that is written to it becomes ASCII of the same width. */
export function asciiTerminal(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = (text: string | Uint8Array, ...rest: never[]): boolean =>
    stdout.write(typeof text === 'string' ? toAscii(text) : text, ...rest);
  return new Proxy(stdout, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
