/** Listens on a port or, if it is taken, on one of the next. */
import type { Listener, Network, Transport } from '@shoal/units';
import { EngineError } from '../engine-error.ts';

/** Ports tried above the first (BEP 3 names 6881-6889). */
const TRIES = 9;

/**
 * @throws EngineError `port-taken` when none of them is free, or the first is not and `strict` is set
 * @throws the system's error when the host is not this machine's, or the port not this user's
 */
export async function listenNear(
  network: Network,
  port: number,
  host: string | undefined,
  strict: boolean,
  accept: (transport: Transport) => void,
): Promise<Listener> {
  const last = strict || port === 0 ? port : Math.min(port + TRIES, 65_535);
  for (let candidate = port; ; candidate++) {
    try {
      return await network.listen(candidate, host, accept);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'EADDRINUSE' && candidate < last) continue;
      if (code === 'EADDRNOTAVAIL' || code === 'EACCES') throw error;
      const which = last > port ? `ports ${port}-${last} are` : `port ${port} is`;
      const text =
        code === 'EADDRINUSE' ? `${which} taken` : `cannot listen on ${port}: ${message}`;
      throw new EngineError('port-taken', text, error);
    }
  }
}
