import { checkClosed, realClock, seededRandom } from '@shoal/testkit';
import type { PeerAddress } from '@shoal/units';
import { expect, it } from 'vitest';
import { LocalDiscovery, LSD_GROUPS, udpMulticast } from '../../src/index.ts';
import { infoHash } from '../info-hash.ts';
import { multicastPlace } from './multicast-interface.ts';

it.for(LSD_GROUPS)(
  'two real instances find each other over IPv$family',
  async ({ family, host }, { skip }) => {
    const demandClosed = checkClosed();
    const place = await multicastPlace(family, host);
    if (place === undefined) return skip(`no interface takes part in IPv${family} multicast`);
    const { group, list, release } = place;
    const make = (seed: number): LocalDiscovery =>
      new LocalDiscovery({
        clock: realClock,
        random: seededRandom(seed),
        network: udpMulticast(list),
        groups: [group],
      });
    const [a, b] = [make(1), make(2)];
    const heard = new Promise<PeerAddress>((resolve) => {
      a.onPeers((_, [peer]) => resolve(peer!));
    });
    await Promise.all([a.start(1001), b.start(1002)]);
    a.join(infoHash(7));
    b.join(infoHash(7));
    expect(await heard).toMatchObject({ family, port: 1002 });
    await Promise.all([a.stop(), b.stop()]);
    await release();
    await demandClosed();
  },
);
