import { ManualClock, MemoryNetwork } from '../../src/index.ts';
import { transportContract } from '../../src/transport-contract.ts';

transportContract('the network in memory', async () => {
  const clock = new ManualClock();
  const network = new MemoryNetwork(clock);
  return {
    dialler: network.host('10.0.0.1'),
    listener: network.host('10.0.0.2', { downBytesPerS: 10_000_000 }),
    host: '10.0.0.2',
    until: async (predicate) => void (await clock.advanceUntil(predicate, 60_000)),
    quiet: () => clock.advance(1000),
    close: () => clock.advance(1000),
  };
});
