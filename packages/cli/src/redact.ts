/** Passkeys and passwords kept out of logs (threats.md, row 36). */

/** A quote inside is part of it, unless it stands where a quoted URL ends. */
const URL_IN_TEXT = /[a-z][a-z0-9+.-]*:\/\/(?:[^\s"]|"(?=\w))+/gi;

/** Of trackers and web seeds: there `@` may stand in a path, as in `/npm/@scope/name`. */
const WEB_SCHEME = /^(?:https?|udp|wss?):/i;

/** A host, with its port at most, before a path or nothing. */
const PLAIN_HOST = /^(?:[^:@/?#]*|\[[^\]@/?#]*\])(?::\d*)?(?:[/?#]|$)/;

/** A path segment long enough to be a passkey: trackers put 16 to 40 letters and digits there. */
const SECRET_SEGMENT = /^(?=.*\d)[\w.~-]{12,}$|^[\w~-]{20,}$/;

/** What stands before `/announce` or `/scrape`, as in the URLs of members of a private tracker. */
const BEFORE_ANNOUNCE = /(?<!\/)\/[^/\s?#]+(?=\/(?:announce|scrape)\b)/g;
/** What stands behind it. */
const BEHIND_ANNOUNCE = /(?<!\/)(\/(?:announce|scrape)\b[^/\s?#]*)\/[^\s?#]+/g;

/**
 * A text whose URLs show no secret: user and password, query and fragment, and path segments that
 * are or may be a passkey become `***`. Scheme, host and port stay, so that one sees which tracker.
 */
export function redactSecrets(text: string): string {
  return text.replace(URL_IN_TEXT, redactUrl);
}

/** A text with paths that are no URLs, in which what stands around `/announce` becomes `***`. */
export function redactPaths(text: string): string {
  return text.replace(BEFORE_ANNOUNCE, '/***').replace(BEHIND_ANNOUNCE, '$1/***');
}

function redactUrl(url: string): string {
  const [, scheme, named] = /^([^:]+:\/\/)(.*)$/.exec(url)!;
  const withoutUser = hidesUser(scheme!, named!) ? named!.replace(/^.*@/, '') : named!;
  const [, host, path, rest] = /^([^/?#]*)([^?#]*)(.*)$/.exec(withoutUser)!;
  const user = withoutUser === named ? '' : '***@';
  const segments = redactPaths(path!).split('/');
  const shown = segments.map((segment) => (SECRET_SEGMENT.test(segment) ? '***' : segment));
  return scheme! + user + host! + shown.join('/') + (rest!.length > 1 ? `${rest![0]}***` : rest!);
}

/**
 * Whether what stands before the last `@` may be a user and password. A password may have `/`, `#` or
 * `?` in it, where the host would end; a web address that begins with a plain host has none.
 */
function hidesUser(scheme: string, named: string): boolean {
  return !WEB_SCHEME.test(scheme) || !PLAIN_HOST.test(named);
}
