import type { FakeConnection } from '@shoal/testkit';
import { expect, test, vi } from 'vitest';
import { SwarmStage } from './swarm-stage.ts';

const CANARY = new TextEncoder().encode('memory-of-someone-else');
const KIB = 1024;

/** Memory that is taken without being cleared has what someone else left there. */
function leaveCanaries(): void {
  for (const name of ['allocUnsafe', 'allocUnsafeSlow'] as const) {
    const allocate = Buffer[name].bind(Buffer);
    vi.spyOn(Buffer, name).mockImplementation((length) => allocate(length).fill(CANARY));
  }
}

/** The whole stream that came, frame behind frame. */
function capture(connection: FakeConnection): () => Buffer {
  const parts: Uint8Array[] = [];
  const handleBytes = connection.handleBytes.bind(connection);
  connection.handleBytes = (bytes, length) => {
    parts.push(bytes.slice(0, length));
    handleBytes(bytes, length);
  };
  return () => Buffer.concat(parts);
}

const PAD = { path: '.pad/1', length: 256 * KIB - 777, isPad: true };

test.each([
  // Pieces that end inside an extent and inside a block.
  ['of one file', [{ path: 'file.bin', length: 1_000 * KIB + 777 }]],
  [
    'of files with padding between',
    [{ path: 'a', length: 777 }, PAD, { path: 'b', length: 500_000 }],
  ],
])('what was in memory before never goes out on the wire, nor into files: %s', async (_, files) => {
  leaveCanaries();
  try {
    await using stage = await SwarmStage.open({ files, pieceLength: 256 * KIB, trackers: [] });
    const { info } = stage.sample.metainfo;
    const seeder = await stage.seed(1);
    const { peer } = await stage.fake(1, {
      supportsFast: true,
      supportsExtended: true,
      pieces: [],
    });
    const connection = await stage.settle(peer.dial(seeder.address));
    const captured = capture(connection);
    connection.send({ type: 'interested' });
    await stage.until(() => connection.received.some(({ type }) => type === 'unchoke'), 5_000);
    let asked = 0;
    for (const index of Array.from({ length: info.layout.pieceCount }, (_, n) => n)) {
      const pieceIndex = info.layout.pieceIndex(index)!;
      const pieceLength = info.layout.lengthOf(pieceIndex);
      for (const length of [1, 13, 1_000, 16 * KIB, 100 * KIB, 128 * KIB])
        for (const begin of [0, 1, 255 * KIB, pieceLength - length]) {
          if (begin < 0 || begin + length > pieceLength) continue;
          connection.send({ type: 'request', pieceIndex, begin, length });
          asked += length;
        }
    }
    await stage.until(() => captured().length > asked, 60_000);
    expect(captured().includes(CANARY)).toBe(false);
    const leecher = await stage.leech(2, { peers: [seeder.address] });
    await stage.untilComplete([leecher], 30_000);
    expect(await stage.isExact(leecher)).toBe(true);
  } finally {
    vi.restoreAllMocks();
  }
});
