import { describe, expect, test } from 'vitest';
import type { EncryptionPolicy } from '../../src/index.ts';
import { SwarmStage } from './swarm-stage.ts';

describe('a ping by connect and handshake', () => {
  test.each<[ours: EncryptionPolicy, theirs: EncryptionPolicy, isAnswered: boolean]>([
    ['require', 'require', true],
    ['prefer', 'require', true],
    ['prefer', 'off', true],
    ['off', 'prefer', true],
    ['require', 'off', false],
    ['off', 'require', false],
  ])(
    'of a peer with encryption %s to one with %s is answered: %s',
    async (ours, theirs, isAnswered) => {
      await using stage = await SwarmStage.open({ trackers: [] });
      const asked = await stage.seed(1, { encryption: theirs });
      const asker = await stage.seed(2, { encryption: ours });
      const ping = stage.torrent(asker).byHand.ping(asked.address);
      if (isAnswered) expect(await stage.settle(ping, 30_000)).toBeGreaterThan(0);
      else
        await expect(stage.settle(ping, 30_000)).rejects.toMatchObject({ code: 'connect-failed' });
    },
  );

  test('of nobody fails at once', async () => {
    await using stage = await SwarmStage.open({ trackers: [] });
    const asker = await stage.seed(2, { encryption: 'prefer' });
    const nobody = stage.network.host('10.0.0.9').address(6881);
    const ping = stage.torrent(asker).byHand.ping(nobody);
    await expect(stage.settle(ping, 1_000)).rejects.toMatchObject({ code: 'connect-failed' });
  });
});
