/** A tracker on this machine, an admin server beside it, and announces to it. */
import { createTrackerTransport } from '@shoal/tracker/client';
import { createTrackerServer, type TrackerServer } from '@shoal/tracker/server';
import { type Clock, formatPeerAddress, hexToInfoHash, silentLog, toPeerId } from '@shoal/units';
import { systemClock, systemRandom } from '../../src/adapters.ts';
import { AdminServer } from '../../src/admin/admin-server.ts';

export interface SmallTracker {
  readonly tracker: TrackerServer;
  readonly admin: AdminServer;
  /** `http://127.0.0.1:PORT` of the admin server. */
  readonly url: string;
  /** One peer more in a swarm. */
  announce(
    infoHash: string,
    peer: { port: number; isSeeder?: boolean; id?: string },
  ): Promise<void>;
  close(): Promise<void>;
}

/** @param clock - of the admin server */
export async function startSmallTracker(clock: Clock = systemClock): Promise<SmallTracker> {
  const here = { host: '127.0.0.1', port: 0 };
  const ports = { random: systemRandom, log: silentLog };
  const tracker = await createTrackerServer({
    http: here,
    intervalS: 600,
    clock: systemClock,
    ...ports,
  });
  const admin = await AdminServer.listen({
    ...here,
    tracker,
    names: ['Tracker.Example'],
    clock,
    log: silentLog,
  });
  const transport = createTrackerTransport({
    userAgent: 'test',
    clock: systemClock,
    random: systemRandom,
  });
  return {
    tracker,
    admin,
    url: `http://${formatPeerAddress(admin.address)}`,
    async announce(infoHash, { port, isSeeder = false, id = '-SL0100-' }) {
      const request = {
        infoHash: hexToInfoHash(infoHash)!,
        peerId: toPeerId(new Uint8Array(Buffer.from(id.padEnd(20, 'x'), 'latin1')))!,
        port,
        uploaded: 0,
        downloaded: 0,
        left: isSeeder ? 0 : 1,
        numWant: 0,
        key: 1,
      };
      const url = `http://${formatPeerAddress(tracker.http!)}/announce`;
      await transport.announce(url, request, new AbortController().signal);
    },
    async close() {
      await transport.close();
      await admin.close();
      await tracker.close();
    },
  };
}
