/** A tracker of a few lines: it keeps what it was told, and hands out the peers it was given. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeCompactPeer, type PeerAddress } from '@shoal/units';

export interface SmallTracker {
  readonly url: string;
  /** The `event` of each announce; empty for one without. */
  readonly events: readonly string[];
  /** The `left` of each announce. */
  readonly lefts: readonly number[];
  /** Handed out to everyone. */
  readonly peers: PeerAddress[];
  /** Seconds; announces by wish are refused by clients until then. Undefined names none. */
  minIntervalS: number | undefined;
  /** When set, all it says. */
  failure: string | undefined;
  close(): void;
}

export async function openSmallTracker(): Promise<SmallTracker> {
  const events: string[] = [];
  const lefts: number[] = [];
  const peers: PeerAddress[] = [];
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url!, 'http://tracker');
    events.push(searchParams.get('event') ?? '');
    lefts.push(Number(searchParams.get('left')));
    const { failure, minIntervalS } = tracker;
    if (failure !== undefined) {
      response.end(`d14:failure reason${Buffer.byteLength(failure)}:${failure}e`);
      return;
    }
    const compact = Buffer.concat(peers.map(encodeCompactPeer));
    response.write('d8:completei1e10:incompletei1e8:intervali1800e');
    if (minIntervalS !== undefined) response.write(`12:min intervali${minIntervalS}e`);
    response.write(`5:peers${compact.length}:`);
    response.end(Buffer.concat([compact, Buffer.from('e')]));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const tracker: SmallTracker = {
    url: `http://127.0.0.1:${port}/announce`,
    events,
    lefts,
    peers,
    minIntervalS: 0,
    failure: undefined,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return tracker;
}
