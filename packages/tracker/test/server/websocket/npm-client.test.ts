/** The client of npm `bittorrent-tracker`, which WebTorrent uses, against our server. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ManualClock, seededRandom } from '@shoal/testkit';
import { silentLog } from '@shoal/units';
import { expect, test } from 'vitest';
import { createTrackerServer } from '../../../src/server/index.ts';

const RIVALS = join(import.meta.dirname, '../../../../../tools/bench/rivals/node_modules');
const CLIENT = join(RIVALS, 'bittorrent-tracker/client.js');
const INFO_HASH = 'e1'.repeat(20);

/**
 * As much of WebRTC as makes offers and answers: the real one is a native add-on, which is not
 * installed with them.
 */
const FAKE_WEBRTC = `
  export class RTCPeerConnection {
    iceConnectionState = 'new';
    iceGatheringState = 'complete';
    signalingState = 'stable';
    createDataChannel(label) { return { label, close() {} }; }
    async createOffer() { return { type: 'offer', sdp: 'an offer' }; }
    async createAnswer() { return { type: 'answer', sdp: 'an answer' }; }
    async setLocalDescription(description) {
      this.localDescription = description;
      queueMicrotask(() => this.onicecandidate?.({ candidate: null }));
    }
    async setRemoteDescription(description) { this.remoteDescription = description; }
    async addIceCandidate() {}
    async getStats() { return []; }
    close() {}
  }
  export class RTCSessionDescription { constructor(description) { Object.assign(this, description); } }
  export class RTCIceCandidate {}
  export default { RTCPeerConnection, RTCSessionDescription, RTCIceCandidate };
`;

interface NpmPeer {
  readonly id: string;
  destroy(): void;
}

interface NpmClient extends NodeJS.EventEmitter {
  start(options?: object): void;
  stop(): void;
  scrape(): void;
  destroy(done: () => void): void;
}

type NpmClientClass = new (options: object) => NpmClient;

async function loadClient(): Promise<NpmClientClass> {
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'webrtc-polyfill'
        ? {
            url: `data:text/javascript,${encodeURIComponent(FAKE_WEBRTC)}`,
            format: 'module',
            shortCircuit: true,
          }
        : next(specifier, context),
  });
  try {
    const module = (await import(pathToFileURL(CLIENT).href)) as { default: NpmClientClass };
    return module.default;
  } finally {
    hooks.deregister();
  }
}

/** Skipped without `npm ci --ignore-scripts` in tools/bench/rivals; with `CI` set it fails then. */
const isSkipped = !existsSync(CLIENT) && process.env.CI === undefined;

test.skipIf(isSkipped)(
  'two clients of npm bittorrent-tracker find each other, scrape, and leave',
  async () => {
    const Client = await loadClient();
    const clock = new ManualClock();
    const server = await createTrackerServer({
      ws: { host: '127.0.0.1', port: 0 },
      intervalS: 600,
      clock,
      random: seededRandom(1),
      log: silentLog,
    });
    const clients: NpmClient[] = [];
    const open = (peerId: string, left: number): NpmClient => {
      const client = new Client({
        infoHash: INFO_HASH,
        peerId: peerId.repeat(20),
        // Clients of one URL share a connection: the query keeps these apart.
        announce: [`ws://127.0.0.1:${server.ws!.port}/announce?${peerId}`],
        port: 6_881,
        getAnnounceOpts: () => ({ uploaded: 0, downloaded: 0, left }),
      });
      client.on('warning', (error) => expect.unreachable(String(error)));
      clients.push(client);
      return client;
    };
    const next = async (client: NpmClient, event: string): Promise<unknown> =>
      ((await once(client, event)) as unknown[])[0];

    const seeder = open('a1', 0);
    const updated = next(seeder, 'update');
    seeder.start({ numwant: 1 });
    expect(await updated).toMatchObject({ complete: 1, incomplete: 0, infoHash: INFO_HASH });

    const leecher = open('b1', 100);
    const peers = Promise.all([next(seeder, 'peer'), next(leecher, 'peer')]);
    leecher.start({ numwant: 1 });
    const [fromOffer, fromAnswer] = (await peers) as [NpmPeer, NpmPeer];
    expect(fromOffer.id).toBe('b1'.repeat(20));
    expect(fromAnswer.id).toBe('a1'.repeat(20));
    fromOffer.destroy();
    fromAnswer.destroy();

    const scraped = next(leecher, 'scrape');
    leecher.scrape();
    expect(await scraped).toMatchObject({ complete: 1, incomplete: 1, infoHash: INFO_HASH });

    leecher.stop();
    await expect.poll(() => server.stats().peerCount).toBe(1);
    for (const client of clients) await new Promise<void>((resolve) => client.destroy(resolve));
    await expect.poll(() => server.stats().ws.connectionCount).toBe(0);
    await server.close();
  },
);
