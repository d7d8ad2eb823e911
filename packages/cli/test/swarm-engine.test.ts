import { connect } from 'node:net';
import {
  checkClosed,
  realClock as clock,
  realRandom as random,
  temporaryFolder,
} from '@shoal/testkit';
import { expect, it } from 'vitest';
import { openSwarmEngine } from '../src/swarm-engine.ts';
import type { SwarmFlags } from '../src/swarm-flags.ts';

type Options = Parameters<Parameters<typeof openSwarmEngine>[1]['createEngine']>[0];

const ALONE = { dht: false, lsd: false, pex: true, host: '127.0.0.1' } as const;
const teller = { event: () => {}, note: () => {}, log: () => {} };

function open(flags: SwarmFlags, close = async () => {}) {
  const asked: Options[] = [];
  const opened = openSwarmEngine(flags, {
    ...{ userAgent: 'Test/1.0', defaultState: '/default', teller, clock, random },
    createEngine: async (options) => {
      asked.push(options);
      return { onEvent: () => {}, torrent: () => undefined, close };
    },
  });
  return { opened, asked };
}

/** Whether anything listens there. */
function answers(url: string): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy());
}

it('asks for an engine as the flags say', async () => {
  const flags = { ...ALONE, state: '/named', port: 7000, downLimit: 0, pex: false } as const;
  const { opened, asked } = open({ ...flags, serveTracker: 'off', encryption: 'require' });
  const { trackerUrls, close } = await opened;
  expect(asked).toMatchObject([
    {
      stateFolder: '/named',
      userAgent: 'Test/1.0',
      port: 7000,
      strictPort: true,
      host: '127.0.0.1',
      usesPeerExchange: false,
      encryption: 'require',
      discoveries: [],
      resolve: expect.any(Function),
    },
  ]);
  // A limit of 0 lifts what the last run had; one left out keeps it.
  expect(asked[0]!.limits).toStrictEqual({ downBytesPerS: undefined });
  expect(trackerUrls).toEqual([]);
  await close();
});

it('leaves to the engine what the flags do not say', async () => {
  const { opened, asked } = open({ dht: false, lsd: false, pex: true });
  await (await opened).close();
  expect(asked[0]).toMatchObject({ stateFolder: '/default', limits: {}, encryption: 'prefer' });
  expect(asked[0]).not.toHaveProperty('port');
});

it('makes the discoveries that the flags leave on', async () => {
  await using folder = await temporaryFolder();
  const flags = { dht: true, lsd: true, pex: true, dhtBootstrap: [], state: folder.path };
  const { opened, asked } = open(flags);
  await (await opened).close();
  expect(asked[0]?.discoveries.map(({ source }) => source)).toEqual(['lsd', 'dht']);
});

it('closes the trackers it serves after the engine, which says goodbye to them', async () => {
  const wereThere: boolean[] = [];
  const check = checkClosed();
  const { opened } = open({ ...ALONE, serveTracker: 0 }, async () => {
    wereThere.push(await answers((await opened).trackerUrls[0]!));
  });
  const { trackerUrls, close } = await opened;
  await close();
  expect(wereThere).toEqual([true]);
  expect(await answers(trackerUrls[0]!)).toBe(false);
  await check();
});

it('leaves nothing open when the engine cannot start', async () => {
  await using folder = await temporaryFolder();
  const check = checkClosed();
  const urls: unknown[] = [];
  const opening = openSwarmEngine(
    { ...ALONE, dht: true, dhtBootstrap: [], serveTracker: 0 },
    {
      ...{ userAgent: 'Test/1.0', defaultState: folder.path, clock, random },
      teller: { ...teller, event: (_event, fields) => void urls.push(fields?.url) },
      createEngine: () => Promise.reject(new Error('no port')),
    },
  );
  await expect(opening).rejects.toThrow('no port');
  expect(urls).toHaveLength(2);
  for (const url of urls.map(String)) expect(await answers(url)).toBe(false);
  await check();
});
