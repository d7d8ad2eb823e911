import { ManualClock, MemoryNetwork, seededRandom } from '@shoal/testkit';
import { equalBytes, type InfoHash } from '@shoal/units';
import { encodeHandshake, MseInitiator, mseTorrentHash } from '@shoal/wire';
import { expect, test } from 'vitest';
import { exchangeHandshakes } from '../../src/peers/handshake-exchange.ts';
import { handshakeOf, infoHashOf } from './handshake-sample.ts';

const [first, second] = [infoHashOf(1), infoHashOf(2)];

/** A peer that encrypts for one torrent and shakes hands for another. @returns how that ends */
async function meet(encryptedFor: InfoHash, asksFor: InfoHash): Promise<string> {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  const outcome = Promise.withResolvers<string>();
  await network.host('10.0.0.1').listen(6881, undefined, (transport) =>
    exchangeHandshakes({
      transport,
      clock,
      random: seededRandom(1),
      encryption: 'prefer',
      findInfoHash: (hash) =>
        [first, second].find((infoHash) => equalBytes(mseTorrentHash(infoHash), hash)),
      answer: ({ infoHash }) => handshakeOf(infoHash, 3),
      done: () => outcome.resolve('established'),
      failed: outcome.resolve,
    }),
  );
  const host = network.host('10.0.0.2');
  const dialled = host.dial(network.host('10.0.0.1').address(6881), { timeoutMs: 1_000 });
  await clock.advance(100);
  const transport = await dialled;
  const mse = new MseInitiator({
    infoHash: encryptedFor,
    random: seededRandom(2),
    provide: ['rc4'],
    initialPayload: encodeHandshake(handshakeOf(asksFor, 4)),
  });
  transport.start({
    handleBytes: (bytes, length) => {
      const { send } = mse.receive(bytes, length);
      if (send.length > 0) transport.write(send);
    },
    handleDrain: () => {},
    handleClose: () => {},
  });
  transport.write(mse.start());
  await clock.advance(2_000);
  clock.stop();
  return outcome.promise;
}

test('an encrypted handshake is for the torrent that its key is of', async () => {
  expect(await meet(first, first)).toBe('established');
  expect(await meet(second, second)).toBe('established');
  expect(await meet(first, second)).toBe('asks for another torrent than it encrypted for');
});
