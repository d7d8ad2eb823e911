/** Passkeys and passwords kept out of logs (threats.md, row 36). */
const URL_IN_TEXT = /[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi;

/** A path segment long enough to be a passkey: trackers put 16 to 40 letters and digits there. */
const SECRET_SEGMENT = /^(?=.*\d)[\w.~-]{12,}$|^[\w~-]{20,}$/;

/**
 * A text whose URLs show no secret: user and password, every query value, and path segments that
 * look like a passkey become `***`. Scheme, host and port stay, so that one sees which tracker.
 */
export function redactSecrets(text: string): string {
  return text.replace(URL_IN_TEXT, redactUrl);
}

function redactUrl(url: string): string {
  const [, scheme, rest] = /^([^:]+:\/\/)(.*)$/.exec(url)!;
  const queryAt = rest!.search(/[?#]/);
  const place = queryAt < 0 ? rest! : rest!.slice(0, queryAt);
  const query = queryAt < 0 ? '' : rest!.slice(queryAt);
  const [authority, ...segments] = place.split('/');
  const host = authority!.replace(/^.*@/, '***@');
  const path = segments.map((segment) => (SECRET_SEGMENT.test(segment) ? '***' : segment));
  return scheme! + [host, ...path].join('/') + query.replace(/=[^&#]*/g, '=***');
}
