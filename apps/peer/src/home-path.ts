/** Paths as people write them. Pure. */

/** `~/Downloads` for what lies in the home folder; other paths as they are. Both are absolute. */
export function homePath(path: string, home: string): string {
  if (path === home) return '~';
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
