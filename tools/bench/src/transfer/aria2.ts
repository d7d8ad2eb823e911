/** aria2c. It takes no peer address on its command line: a tracker of one answer tells it. */
import { freePort } from '../free-port.ts';
import { ServerProcess } from '../server-process.ts';
import { OnePeerTracker } from './one-peer-tracker.ts';
import type { PeerProgram } from './pair.ts';

const ARGS = [
  'aria2c',
  '--no-conf',
  '--enable-dht=false',
  '--enable-dht6=false',
  '--bt-enable-lpd=false',
  '--file-allocation=none',
  '--allow-overwrite=true',
  '--summary-interval=0',
  '--console-log-level=notice',
];

export const aria2: PeerProgram = {
  name: 'aria2',
  async seed({ folder, torrentPath }) {
    const port = await freePort();
    const leechPort = await freePort();
    const process = await ServerProcess.start({
      argv: [
        ...ARGS,
        ...['--check-integrity=true', '--seed-ratio=0.0', `--listen-port=${port}`],
        ...[`--dir=${folder}`, torrentPath],
      ],
      ready: /Verification finished successfully/,
    });
    const tracker = await OnePeerTracker.open();
    return {
      process,
      port,
      leechArgv(output, near) {
        tracker.peerPort = near;
        return [
          ...ARGS,
          ...['--seed-time=0', `--bt-tracker=${tracker.url}`, `--listen-port=${leechPort}`],
          ...[`--dir=${output}`, torrentPath],
        ];
      },
      async close() {
        await tracker.close();
        await process.stop();
      },
    };
  },
};
