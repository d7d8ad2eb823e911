/** What the locale says of the terminal. */

/** The variables that decide it. */
export type LocaleVariables = Readonly<
  Partial<Record<'LC_ALL' | 'LC_CTYPE' | 'LANG', string | undefined>>
>;

/** Whether text may be UTF-8: the first of the three that is set and not empty decides (POSIX). */
export function isUtf8Locale(env: LocaleVariables): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
}
