/** From a tracker's name to the addresses that are asked: one of each family. BEP 7, BEP 15. */
import { isIP } from 'node:net';
import type { Clock, Timer } from '@shoal/units';
import { TrackerError } from '../protocol/tracker-error.ts';
import { orAborted } from './deadline.ts';

/** An address to ask. It is resolved once and then used as it is, so no name can change under us. */
export interface Endpoint {
  readonly ip: string;
  readonly family: 4 | 6;
  readonly port: number;
}

/** Turns a host name into IP addresses, best first. */
export type Resolve = (
  host: string,
  signal: AbortSignal,
) => Promise<readonly { address: string; family: number }[]>;

/** How long the second family may take beyond the first. */
const GRACE_MIN_MS = 100;
const GRACE_MAX_MS = 2_000;

/**
 * The first IPv4 and the first IPv6 address of a host, in the resolver's order.
 * @throws TrackerError `unreachable` when the name has no address
 */
export async function resolveEndpoints(
  host: string,
  port: number,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<Endpoint[]> {
  const literal = isIP(host);
  if (literal !== 0) return [{ ip: host, family: literal === 6 ? 6 : 4, port }];
  const found = await orAborted(resolve(host, signal), signal).catch((error: unknown) => {
    if (signal.aborted) throw signal.reason;
    throw new TrackerError('unreachable', 'the tracker name has no address', { cause: error });
  });
  const endpoints: Endpoint[] = [];
  for (const { address, family } of found) {
    if (family !== 4 && family !== 6) continue;
    if (!endpoints.some((endpoint) => endpoint.family === family))
      endpoints.push({ ip: address, family, port });
  }
  if (endpoints.length > 0) return endpoints;
  throw new TrackerError('unreachable', 'the tracker name has no address');
}

/**
 * Asks every endpoint and gives the answers that came: all of them, or those there are when the
 * others take more than twice as long as the first one (100 ms to 2 s more). A refusal is an answer
 * of the tracker too.
 *
 * @returns one answer or more
 * @throws when no endpoint gives a good one: the tracker's refusal, else the first error
 */
export function askEach<Answer>(
  endpoints: readonly Endpoint[],
  clock: Clock,
  ask: (endpoint: Endpoint) => Promise<Answer>,
): Promise<Answer[]> {
  const startedAtMs = clock.nowMs();
  return new Promise((resolve, reject) => {
    const answers: Answer[] = [];
    const errors: unknown[] = [];
    let grace: Timer | undefined;
    const end = (): void => {
      grace?.cancel();
      if (answers.length > 0) resolve([...answers]);
      else reject(errors.find(isRefusal) ?? errors[0]);
    };
    const settle = (): void => {
      if (answers.length + errors.length === endpoints.length) return end();
      if (answers.length === 0 && !errors.some(isRefusal)) return;
      const takenMs = clock.nowMs() - startedAtMs;
      grace ??= clock.after(Math.min(GRACE_MAX_MS, Math.max(GRACE_MIN_MS, 2 * takenMs)), end);
    };
    for (const endpoint of endpoints)
      ask(endpoint)
        .then(
          (answer) => answers.push(answer),
          (error: unknown) => errors.push(error),
        )
        .then(settle);
  });
}

function isRefusal(error: unknown): boolean {
  return error instanceof TrackerError && error.code === 'failure';
}
