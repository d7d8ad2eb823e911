import { ManualClock, MemoryNetwork } from '@shoal/testkit';

// Two hosts, 100 ms apart, one of them behind a slow line.
const clock = new ManualClock();
const network = new MemoryNetwork(clock);
const seeder = network.host('10.0.0.1', { latencyMs: 45, upBytesPerS: 100_000 });
const leecher = network.host('10.0.0.2');

const listener = await seeder.listen(6881, undefined, (transport) => {
  transport.write(new Uint8Array(1_000_000));
});

let length = 0;
void leecher.dial(listener.address, { timeoutMs: 5000 }).then((transport) => {
  transport.start({
    handleBytes: (_bytes, count) => {
      length += count;
    },
    handleDrain: () => {},
    handleClose: () => {},
  });
});

// Ten seconds of the swarm's time, a few milliseconds of ours.
const tookMs = await clock.advanceUntil(() => length === 1_000_000, 60_000);
console.log(`${length} bytes in ${(tookMs / 1000).toFixed(1)} s`);
