import { Bitfield } from '@shoal/units';
import { expect, test } from 'vitest';
import { SwarmStage } from './swarm-stage.ts';

const PIECE_COUNT = 32;

function bitfieldOf(...indexes: readonly number[]): Uint8Array {
  const field = new Bitfield(PIECE_COUNT);
  for (const index of indexes) field.add(index);
  return field.bytes;
}

test('what a peer sums up in one more bitfield is fetched from it', async () => {
  await using stage = await SwarmStage.open();
  const { peer, address } = await stage.fake(1, { pieces: [4] });
  const leecher = await stage.leech(1, { peers: [address] });
  await stage.until(() => leecher.has('piece'), 5_000);
  const connection = peer.connections[0]!;
  connection.send({ type: 'bitfield', bytes: bitfieldOf(4, 5, 9, 31) });
  await stage.until(() => leecher.eventsOf('piece').length === 4, 5_000);
  connection.send({ type: 'bitfield', bytes: bitfieldOf(...Array(PIECE_COUNT).keys()) });
  await stage.untilComplete([leecher], 5_000);
  expect(await stage.isExact(leecher)).toBe(true);
  expect(peer.connections).toHaveLength(1);
});

test('a bitfield that names less takes nothing back', async () => {
  await using stage = await SwarmStage.open();
  const { peer, address } = await stage.fake(1);
  const leecher = await stage.leech(1, {
    peers: [address],
    limits: { downBytesPerS: 128 * 1024 },
  });
  await stage.until(() => leecher.has('piece'), 5_000);
  expect(leecher.has('complete')).toBe(false);
  peer.connections[0]!.send({ type: 'bitfield', bytes: bitfieldOf() });
  await stage.untilComplete([leecher], 60_000);
  expect(peer.connections).toHaveLength(1);
});
