/** The beginning of a sentence. */

/**
 * With a capital letter; a path at the beginning, or a key such as `info.length`, stays as it is written.
 * @param path - what may stand at the beginning without a dot or a separator
 */
export function capitalise(text: string, path = ''): string {
  if ((path !== '' && text.startsWith(path)) || /^\S*[./\\]/.test(text)) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
