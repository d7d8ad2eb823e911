/** Threat 21: an HTTPS tracker is who it says it is, or nobody. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { checkClosed, firstCertificate, ManualClock, seededRandom } from '@shoal/testkit';
import { toInfoHash, toPeerId } from '@shoal/units';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { createTrackerTransport, type TrackerTransport } from '../../src/client/index.ts';
import { encodeAnnounceResponse } from '../../src/protocol/http-announce-response.ts';

const request = {
  ...{ infoHash: toInfoHash(new Uint8Array(20))!, peerId: toPeerId(new Uint8Array(20))! },
  ...{ port: 6_881, uploaded: 0, downloaded: 0, left: 1, numWant: 50, key: 1 },
};

const trusted = getCACertificates('default');

let tracker: Server;
let transport: TrackerTransport;
let checkAllClosed: () => Promise<void>;
let askedCount: number;

beforeEach(async () => {
  checkAllClosed = checkClosed();
  askedCount = 0;
  tracker = createServer(firstCertificate, (_asked, answer) => {
    askedCount++;
    answer.end(encodeAnnounceResponse({ intervalS: 900, peers: [] }));
  }).listen(0, '127.0.0.1');
  tracker.on('tlsClientError', () => {});
  await once(tracker, 'listening');
  transport = createTrackerTransport({
    ...{ userAgent: 'Shoal/test', clock: new ManualClock(), random: seededRandom(1) },
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  });
});

afterEach(async () => {
  setDefaultCACertificates([]);
  await transport.close();
  await new Promise((done) => tracker.close(done));
  await checkAllClosed();
});

afterAll(() => setDefaultCACertificates(trusted));

function announce(host: string) {
  const { port } = tracker.address() as { port: number };
  const { signal } = new AbortController();
  return transport.announce(`https://${host}:${port}/announce`, request, signal);
}

test('one that signed its own certificate is told nothing, and a sentence says why', async () => {
  for (const host of ['localhost', '127.0.0.1'])
    await expect(announce(host)).rejects.toMatchObject({
      code: 'unreachable',
      message: "the tracker's certificate cannot be trusted: it is signed by itself",
    });
  expect(askedCount).toBe(0);
});

test('one with a certificate that is trusted is asked', async () => {
  setDefaultCACertificates([firstCertificate.cert]);
  for (const host of ['localhost', '127.0.0.1'])
    expect(await announce(host)).toMatchObject({ intervalS: 900 });
});

test('a certificate that is trusted is good for the names in it alone', async () => {
  setDefaultCACertificates([firstCertificate.cert]);
  for (const host of ['first.example', 'localhost.example'])
    await expect(announce(host)).rejects.toMatchObject({
      message: "the tracker's certificate cannot be trusted: it is for another host",
    });
  expect(askedCount).toBe(0);
});

test('a name that only looks like a trusted one is not even resolved', async () => {
  setDefaultCACertificates([firstCertificate.cert]);
  // The first has a Cyrillic letter; the second is how a torrent may spell the same.
  for (const host of ['loc\u0430lhost', 'xn--loclhost-36g'])
    await expect(announce(host)).rejects.toMatchObject({
      code: 'forbidden-url',
      message: 'the tracker name has letters outside ASCII',
    });
  expect(askedCount).toBe(0);
});
