/** Accounts go on over a restart of the tracker. */
import { join } from 'node:path';
import { checkClosed, ManualClock, seededRandom, temporaryFolder } from '@shoal/testkit';
import { silentLog, toInfoHash, toPeerId } from '@shoal/units';
import { expect, test } from 'vitest';
import { createTrackerTransport } from '../../../src/client/index.ts';
import {
  createTrackerServer,
  hashPasskey,
  MemberAccounts,
  type TrackerServer,
  UserDatabase,
} from '../../../src/server/index.ts';

const here = { host: '127.0.0.1', port: 0 };
const { signal } = new AbortController();

interface Running {
  readonly server: TrackerServer;
  end(): Promise<void>;
}

async function start(path: string, clock: ManualClock): Promise<Running> {
  const ports = { clock, random: seededRandom(1), log: silentLog };
  const accounts = await MemberAccounts.open({ path, peerLifetimeS: 1_200, ...ports });
  const listen = { http: here, udp: here, intervalS: 600 };
  const server = await createTrackerServer({ ...listen, membership: accounts, ...ports });
  return {
    server,
    async end() {
      await server.close();
      await accounts.close();
    },
  };
}

test.each([
  ['to all', true, 700],
  ['only to those who bring its id back when it knows nothing of them any more', false, 0],
])('credits what was moved over a restart %s', async (_, isKept, withoutId) => {
  const checkAllClosed = checkClosed();
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'users.sqlite');
  const clock = new ManualClock();
  const users = UserDatabase.open(path, 1_000);
  for (const name of ['ann', 'bob']) users.add(name, hashPasskey(passkeyOf(name)), 0);
  const transport = createTrackerTransport({ userAgent: 'test', clock, random: seededRandom(2) });
  const announce = (server: TrackerServer, name: string, uploaded: number, trackerId?: string) =>
    transport.announce(
      `http://127.0.0.1:${server.http!.port}/${passkeyOf(name)}/announce`,
      {
        infoHash: toInfoHash(new Uint8Array(20).fill(1))!,
        peerId: toPeerId(new Uint8Array(20).fill(2))!,
        ...{ port: 6_881, uploaded, downloaded: 0, left: 1, numWant: 10, key: 9 },
        ...(trackerId !== undefined && { trackerId }),
      },
      signal,
    );

  const before = await start(path, clock);
  const ids = [];
  for (const name of ['ann', 'bob'])
    ids.push((await announce(before.server, name, 1_000)).trackerId);
  expect(ids).toEqual([expect.stringMatching(/^[\w-]{48}$/), expect.stringMatching(/^[\w-]{48}$/)]);
  await before.end();
  if (!isKept) {
    const database = new (process.getBuiltinModule('node:sqlite').DatabaseSync)(path);
    database.exec('DELETE FROM session');
    database.close();
  }
  await clock.advance(60_000);
  const after = await start(path, clock);
  await announce(after.server, 'ann', 1_700, ids[0]);
  await announce(after.server, 'bob', 1_700);
  await announce(after.server, 'bob', 1_700, ids[1]);
  await after.end();
  expect(users.list()).toMatchObject([
    { name: 'ann', uploaded: 700, clippedCount: 0 },
    { name: 'bob', uploaded: withoutId, clippedCount: 0 },
  ]);
  await transport.close();
  users.close();
  await checkAllClosed();
});

function passkeyOf(name: string): string {
  return Buffer.from(name).toString('hex').padEnd(32, '0');
}
