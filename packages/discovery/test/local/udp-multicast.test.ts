import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { checkClosed, realClock, seededRandom } from '@shoal/testkit';
import type { PeerAddress } from '@shoal/units';
import { expect, it } from 'vitest';
import { encodeLsdMessage, LocalDiscovery, LSD_GROUPS, udpMulticast } from '../../src/index.ts';
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

it('a neighbour that has an address of the link alone is heard, and told with its zone', async ({
  skip,
}) => {
  const demandClosed = checkClosed();
  const { family, host } = LSD_GROUPS.find((group) => group.family === 6)!;
  const place = await multicastPlace(family, host);
  const [name, infos] = Object.entries(place?.list() ?? {})[0] ?? [];
  const address = infos?.find((info) => info.address.startsWith('fe80:'))?.address;
  if (place === undefined || address === undefined) {
    await place?.release();
    return skip('no interface with IPv6 multicast has an address of its link');
  }
  const { group, list, release } = place;
  const discovery = new LocalDiscovery({
    clock: realClock,
    random: seededRandom(1),
    network: udpMulticast(list),
    groups: [group],
  });
  const heard = new Promise<PeerAddress>((resolve) => {
    discovery.onPeers((_, [peer]) => resolve(peer!));
  });
  await discovery.start(1001);
  discovery.join(infoHash(7));
  const neighbour = createSocket('udp6');
  neighbour.bind(0, `${address}%${name}`);
  await once(neighbour, 'listening');
  neighbour.setMulticastInterface(`::%${name}`);
  const infoHashes = [infoHash(7)];
  const message = encodeLsdMessage({ host, port: 1002, infoHashes, cookie: undefined });
  neighbour.send(message, group.port, group.host);
  expect(await heard).toEqual({ host: `${address}%${name}`, port: 1002, family: 6 });
  neighbour.close();
  await Promise.all([discovery.stop(), once(neighbour, 'close'), release()]);
  await demandClosed();
});
