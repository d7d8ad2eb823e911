/** The path of an announce or scrape in private mode: `/PASSKEY/announce`. */

/** Hex digits of a passkey. */
const PASSKEY_PATH = /^\/([0-9a-f]{32})(?:\/(announce|scrape))?\/?$/;

export interface PrivatePath {
  readonly passkey: string | undefined;
  /** The rest of the path, as in a public tracker. */
  readonly path: string;
}

/** Takes the passkey out of a path; a path without one stays as it is. */
export function readPrivatePath(path: string): PrivatePath {
  const [, passkey, action = ''] = PASSKEY_PATH.exec(path) ?? [];
  return passkey === undefined ? { passkey, path } : { passkey, path: `/${action}` };
}
