/** Which Redis: `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`, `rediss:` for TLS. */
import { ExchangeError } from '../exchange/exchange-error.ts';

/**
 * Checks a URL.
 * @returns it, as it was
 * @throws ExchangeError `bad-url`, without the URL in its message: that may hold a password
 */
export function parseRedisUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^rediss?:$/.test(url.protocol) || url.hostname === '')
    throw new ExchangeError('bad-url', 'not of the form redis://HOST:PORT/DATABASE');
  if (!/^(?:\/\d{0,5})?$/.test(url.pathname))
    throw new ExchangeError('bad-url', 'the database of a Redis URL is a number');
  return text;
}
