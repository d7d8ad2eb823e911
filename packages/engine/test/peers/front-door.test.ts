import { ManualClock, MemoryNetwork, seededRandom } from '@shoal/testkit';
import { type InfoHash, silentLog, type Transport } from '@shoal/units';
import { encodeHandshake } from '@shoal/wire';
import { expect, test } from 'vitest';
import type { EncryptionPolicy } from '../../src/peers/encryption.ts';
import { FrontDoor } from '../../src/peers/front-door.ts';
import { exchangeHandshakes } from '../../src/peers/handshake-exchange.ts';
import { handshakeOf, infoHashOf } from './handshake-sample.ts';

const PORT = 6881;
const [here, elsewhere] = [infoHashOf(1), infoHashOf(2)];

/** A door with one torrent behind it, and who joined that. */
async function makeStage(encryption: EncryptionPolicy = 'prefer') {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const ours = network.host('10.0.0.1');
  const joined: string[] = [];
  const door = new FrontDoor({ clock, random: seededRandom(1), encryption, log: silentLog });
  door.open(here, {
    handshake: handshakeOf(here, 3),
    join: ({ transport, isEncrypted }, source) =>
      joined.push(`${transport.remote.host} ${source}${isEncrypted ? ' encrypted' : ''}`),
  });
  await ours.listen(PORT, undefined, (transport) => door.accept(transport));

  /** Connections on which nothing was said yet, in the order of the addresses. */
  const dial = async (hosts: readonly string[]): Promise<readonly Transport[]> => {
    const address = ours.address(PORT);
    const dialled = hosts.map((host) => network.host(host).dial(address, { timeoutMs: 1_000 }));
    await clock.advance(200);
    return Promise.all(dialled);
  };
  /** A peer dials and asks for a torrent. @returns why it was not let in */
  const ask = async (infoHash: InfoHash, encrypted: 'off' | 'require'): Promise<string> => {
    const [transport] = await dial(['10.0.0.2']);
    const outcome = Promise.withResolvers<string>();
    exchangeHandshakes({
      transport: transport!,
      clock,
      random: seededRandom(2),
      ours: handshakeOf(infoHash, 4),
      encryption: encrypted,
      done: () => outcome.resolve(''),
      failed: outcome.resolve,
    });
    await clock.advance(2_000);
    return outcome.promise;
  };
  return { clock, door, joined, dial, ask };
}

/** Whether the other side has closed the stream. */
function watch(transport: Transport): { isClosed: boolean } {
  const seen = { isClosed: false };
  const handleClose = (): void => {
    seen.isClosed = true;
  };
  transport.start({ handleBytes: () => {}, handleDrain: () => {}, handleClose });
  return seen;
}

test('a peer reaches the torrent it names, in the clear and encrypted', async () => {
  const stage = await makeStage();
  expect(await stage.ask(here, 'off')).toBe('');
  expect(await stage.ask(here, 'require')).toBe('');
  expect(stage.joined).toEqual(['10.0.0.2 incoming', '10.0.0.2 incoming encrypted']);
});

test('a peer that asks for a torrent that is not here hears nothing', async () => {
  const stage = await makeStage();
  for (const encrypted of ['off', 'require'] as const)
    expect(await stage.ask(elsewhere, encrypted)).toBe('closed during the handshake');
  stage.door.shut(here);
  for (const encrypted of ['off', 'require'] as const)
    expect(await stage.ask(here, encrypted)).toBe('closed during the handshake');
  expect(stage.joined).toEqual([]);
});

test('who must encrypt is not let in without', async () => {
  const stage = await makeStage('require');
  expect(await stage.ask(here, 'off')).toBe('closed during the handshake');
  expect(await stage.ask(here, 'require')).toBe('');
});

test('of more than 256 handshakes under way the oldest makes room', async () => {
  const stage = await makeStage();
  const hosts = Array.from({ length: 257 }, (_, n) => `10.0.${1 + (n >> 7)}.${n & 127}`);
  const streams = (await stage.dial(hosts)).map(watch);
  await stage.clock.advance(200);
  expect(streams.filter(({ isClosed }) => isClosed)).toEqual([streams[0]]);
  expect(streams[0]!.isClosed).toBe(true);
  expect(await stage.ask(here, 'off')).toBe('');
});

test('a handshake that has failed holds no place', async () => {
  const stage = await makeStage();
  const waiting = (await stage.dial(['10.0.1.1'])).map(watch);
  for (let round = 0; round < 3; round++) {
    const hosts = Array.from({ length: 100 }, (_, n) => `10.0.2.${n}`);
    for (const transport of await stage.dial(hosts)) {
      watch(transport);
      transport.write(encodeHandshake(handshakeOf(elsewhere, 4)));
    }
    await stage.clock.advance(200);
  }
  expect(waiting).toEqual([{ isClosed: false }]);
});

test('with the door all handshakes that are under way end', async () => {
  const stage = await makeStage();
  const streams = (await stage.dial(['10.0.1.1', '10.0.1.2'])).map(watch);
  stage.door.close();
  await stage.clock.advance(200);
  expect(streams).toEqual([{ isClosed: true }, { isClosed: true }]);
  expect(stage.clock.pendingTimerCount).toBe(0);
});
