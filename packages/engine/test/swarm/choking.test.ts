import { encodeMessage } from '@shoal/wire';
import { describe, expect, test } from 'vitest';
import type { EngineOptions } from '../../src/index.ts';
import { SwarmStage } from './swarm-stage.ts';

/** A seeder, and a peer that it chokes and has lent its pieces to. */
async function openLoan(options: Partial<EngineOptions> = {}) {
  const stage = await SwarmStage.open({ trackers: [] });
  const seeder = await stage.seed(1, options);
  const { peer, address } = await stage.fake(1, {
    supportsFast: true,
    pieces: [],
    unchokes: false,
  });
  stage.torrent(seeder).addPeer(address);
  await stage.until(() => peer.connections[0]?.handshake !== undefined, 5_000);
  const connection = peer.connections[0]!;
  await stage.clock.advance(1_000);
  const { byHand } = stage.torrent(seeder);
  byHand.setPeerChoked(address, false);
  byHand.setPeerChoked(address, true);
  connection.send({ type: 'interested' });
  const of = (type: string): number[] =>
    connection.received.flatMap((message) =>
      message.type === type && 'pieceIndex' in message ? [message.pieceIndex] : [],
    );
  await stage.until(() => of('allowed-fast').length === 10, 5_000);
  const lent = of('allowed-fast');
  /** Asks for both blocks of a piece. */
  const ask = async (pieceIndex: number): Promise<void> => {
    for (const begin of [0, 16_384])
      connection.send({ type: 'request', pieceIndex, begin, length: 16_384 });
    await stage.clock.advance(1_000);
  };
  return { stage, seeder, address, byHand, connection, of, lent, ask };
}

test('what a choked peer waits for is void, but for the pieces that were lent to it (BEP 6)', async () => {
  // So slow that not all is served before it is choked.
  const loan = await openLoan({ limits: { upBytesPerS: 1 } });
  await using stage = loan.stage;
  const { seeder, address, byHand, connection, of, lent } = loan;
  byHand.setPeerChoked(address, false);
  const others = [0, 1, 2, 3, 4, 5, 6, 7].filter((index) => !lent.includes(index));
  for (const pieceIndex of [...lent, ...others])
    connection.send({ type: 'request', pieceIndex, begin: 0, length: 16_384 });
  await stage.clock.advance(1_000);
  byHand.setPeerChoked(address, true);
  await stage.clock.advance(1_000);
  const served = others.filter((index) => of('piece').includes(index));
  expect(of('reject')).toEqual(others.filter((index) => !served.includes(index)));
  expect(of('reject').length).toBeGreaterThan(0);
  seeder.engine.setLimits({ upBytesPerS: undefined });
  await stage.until(() => of('piece').length === lent.length + served.length, 5_000);
  expect(of('piece').filter((index) => lent.includes(index))).toEqual(lent);
});

describe('what is lent to a newcomer (BEP 6)', () => {
  test('it gets each piece once', async () => {
    const { stage, of, lent, ask } = await openLoan();
    await using _ = stage;
    for (let turn = 0; turn < 3; turn++) for (const index of lent) await ask(index);
    const twice = lent.flatMap((index) => [index, index]);
    expect(of('piece')).toEqual(twice);
    expect(of('reject')).toEqual([...twice, ...twice]);
  });

  test('what it takes back in time it may ask for once more', async () => {
    const { stage, connection, of, lent, ask } = await openLoan();
    await using _ = stage;
    const [pieceIndex] = lent as [number];
    const block = { pieceIndex, begin: 0, length: 16_384 };
    for (let turn = 0; turn < 3; turn++) {
      connection.sendBytes(
        Buffer.concat([
          encodeMessage({ ...block, type: 'request' }),
          encodeMessage({ ...block, type: 'cancel' }),
        ]),
      );
      await stage.clock.advance(1_000);
    }
    expect(of('reject')).toHaveLength(3);
    await ask(pieceIndex);
    expect(of('piece')).toEqual([pieceIndex, pieceIndex]);
  });

  test('with ten pieces it is no newcomer any more', async () => {
    const { stage, connection, of, lent, ask } = await openLoan();
    await using _ = stage;
    await ask(lent[0]!);
    for (let pieceIndex = 0; pieceIndex < 10; pieceIndex++)
      connection.send({ type: 'have', pieceIndex });
    await ask(lent[1]!);
    expect(of('piece')).toEqual([lent[0], lent[0]]);
    expect(of('reject')).toEqual([lent[1], lent[1]]);
  });
});

test('a peer whose turn was too short to ask in gets another as soon as it wants something', async () => {
  await using stage = await SwarmStage.open({ trackers: [] });
  const seeder = await stage.seed(1);
  const { peer, address } = await stage.fake(1, { pieces: [], unchokes: false });
  stage.torrent(seeder).addPeer(address);
  await stage.until(() => peer.connections[0]?.handshake !== undefined, 5_000);
  const [connection] = peer.connections;
  const count = (type: string): number =>
    connection!.received.filter((message) => message.type === type).length;
  connection!.send({ type: 'interested' });
  await stage.until(() => count('unchoke') === 1, 1_000);
  connection!.send({ type: 'not-interested' });
  await stage.until(() => count('choke') === 1, 11_000);
  await stage.clock.advance(40_000);
  connection!.send({ type: 'interested' });
  await stage.until(() => count('unchoke') === 2, 1_000);
});
