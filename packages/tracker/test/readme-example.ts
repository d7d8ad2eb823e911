import { randomBytes, randomInt } from 'node:crypto';
import { createTrackerTransport } from '@shoal/tracker/client';
import { createTrackerServer } from '@shoal/tracker/server';
import { type Clock, hexToInfoHash, type Random, silentLog, toPeerId } from '@shoal/units';

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

const here = { host: '127.0.0.1', port: 0 };
const listen = { http: here, udp: here, intervalS: 600 };
const tracker = await createTrackerServer({ ...listen, clock, random, log: silentLog });

const transport = createTrackerTransport({ userAgent: 'Example/1.0', clock, random });
const about = {
  infoHash: hexToInfoHash('00112233445566778899aabbccddeeff00112233')!,
  peerId: toPeerId(random.bytes(20))!,
  uploaded: 0,
  downloaded: 0,
  numWant: 50,
  key: random.below(2 ** 32),
};
const { signal } = new AbortController();
const http = `http://127.0.0.1:${tracker.http!.port}/announce`;
await transport.announce(http, { ...about, port: 6881, left: 0, event: 'started' }, signal);
const udp = `udp://127.0.0.1:${tracker.udp!.port}`;
const answer = await transport.announce(udp, { ...about, port: 6882, left: 1_000 }, signal);
console.log(answer.seederCount, answer.leecherCount, answer.peers[0]!.port);

await transport.close();
await tracker.close();
