/** The announce URLs of one member of a private tracker. */
import { CliError, ExitCode } from '@shoal/cli';
import { announceUrls } from '../announce-urls.ts';
import { DEFAULT_PORT } from '../tracker-flags.ts';

/**
 * @param base - where members reach the tracker; this machine and the usual port when left out
 * @throws CliError when `base` is no URL of a tracker
 */
export function memberUrls(base: string | undefined, passkey: string): string[] {
  const urls = base === undefined ? ownUrls() : [readBase(base)];
  return urls.map((url) => {
    url.pathname = `${url.pathname.replace(/\/(announce)?$/, '')}/${passkey}/announce`;
    return url.href;
  });
}

function ownUrls(): URL[] {
  const anywhere = { host: '0.0.0.0', port: DEFAULT_PORT, family: 4 } as const;
  const everywhere = [
    { transport: 'http', address: anywhere },
    { transport: 'udp', address: anywhere },
  ] as const;
  return announceUrls(everywhere, '/announce').map((url) => new URL(url));
}

function readBase(base: string): URL {
  if (/^(https?|udp|wss?):\/\/[^/]/i.test(base) && URL.canParse(base)) return new URL(base);
  throw new CliError(
    ExitCode.badOption,
    'The value of --url is no URL of a tracker.',
    'Write one such as https://tracker.example or udp://tracker.example:6969.',
  );
}
