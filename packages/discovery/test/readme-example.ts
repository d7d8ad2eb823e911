import { randomBytes, randomInt } from 'node:crypto';
import { DhtDiscovery } from '@shoal/discovery';
import { type Clock, formatPeerAddress, hexToInfoHash, type Random } from '@shoal/units';

const clock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (ms, fire) => {
    const timer = setTimeout(fire, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  every: (ms, fire) => {
    const timer = setInterval(fire, ms);
    return { cancel: () => clearInterval(timer) };
  },
};
const random: Random = {
  bytes: (length) => randomBytes(length),
  below: (limit) => randomInt(limit),
};
const common = { clock, random, host: '127.0.0.1', port: 0 };
const infoHash = hexToInfoHash('00112233445566778899aabbccddeeff00112233')!;

const first = new DhtDiscovery({ ...common, bootstrap: [] });
await first.start(6881); // where peers reach us: what others are told
const second = new DhtDiscovery({ ...common, bootstrap: [`127.0.0.1:${first.port}`] });
await second.start(6882);

const found = new Promise<string>((resolve) => {
  first.onPeers((_, [peer]) => resolve(formatPeerAddress(peer!)));
});
first.join(infoHash);
second.join(infoHash);
console.log(await found);
await Promise.all([first.stop(), second.stop()]);
