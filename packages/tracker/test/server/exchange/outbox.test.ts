import { seededRandom } from '@shoal/testkit';
import { expect, test } from 'vitest';
import { BatchWriter } from '../../../src/server/exchange/batch-writer.ts';
import { Outbox } from '../../../src/server/exchange/outbox.ts';
import { MemorySwarmStore } from '../../../src/server/swarm/memory-swarm-store.ts';

test('completions of many torrents wait within the same limit as words', () => {
  const options = { random: seededRandom(1), peerLifetimeS: 100 };
  const outbox = new Outbox(options, 10);
  const lengths: number[] = [];
  const pack = (): number => {
    const emit = (batch: Uint8Array): void => void lengths.push(batch.length);
    const writer = new BatchWriter({
      maxLength: 16_384,
      baseS: () => 0,
      tickShiftS: () => 0,
      emit,
    });
    outbox.pack(writer, new MemorySwarmStore(options));
    return lengths.splice(0).reduce((sum, length) => sum + length, 0);
  };
  for (let torrent = 0; torrent < 9; torrent++)
    outbox.addCompletion(new Int32Array(5).fill(torrent));
  for (let again = 0; again < 100; again++) outbox.addCompletion(new Int32Array(5));
  expect(outbox.hasLost).toBe(false);
  const longest = pack();
  for (let torrent = 0; torrent < 1_000; torrent++)
    outbox.addCompletion(new Int32Array(5).fill(torrent));
  expect(outbox.hasLost).toBe(true);
  expect(pack()).toBeLessThanOrEqual(longest);
});
