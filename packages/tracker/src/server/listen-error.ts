/** Why a server cannot listen, in one sentence. */
import { TrackerError } from '../protocol/tracker-error.ts';

/** What a listener speaks, in words. */
type Transport = 'admin' | 'HTTP' | 'HTTPS' | 'UDP' | 'WebSocket' | 'secure WebSocket';

/** @returns TrackerError `port-taken` when another program has the port, `cannot-listen` otherwise */
export function listenError(
  error: Error & { code?: string },
  transport: Transport,
  host: string,
  port: number,
): TrackerError {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const details = { cause: error };
  if (error.code === 'EADDRINUSE')
    return new TrackerError('port-taken', `the ${transport} address ${place} is taken`, details);
  const reason =
    { EACCES: 'this user may not', EADDRNOTAVAIL: 'this machine has no such address' }[
      error.code ?? ''
    ] ?? error.message;
  return new TrackerError(
    'cannot-listen',
    `cannot listen on the ${transport} address ${place}: ${reason}`,
    details,
  );
}
