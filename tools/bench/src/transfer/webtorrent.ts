/** webtorrent from npm, over TCP. */
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { ServerProcess } from '../server-process.ts';
import type { PeerProgram } from './pair.ts';

const SCRIPT = [process.execPath, join(import.meta.dirname, '..', 'rivals', 'webtorrent-peer.ts')];

export const webtorrent: PeerProgram = {
  name: 'webtorrent',
  async seed({ folder, torrentPath }) {
    const port = await freePort();
    const seeder = await ServerProcess.start({
      argv: [...SCRIPT, 'seed', torrentPath, folder, String(port)],
      ready: /^ready$/m,
    });
    return {
      process: seeder,
      port,
      leechArgv: (output, near) => [...SCRIPT, 'leech', torrentPath, output, String(near)],
      close: () => seeder.stop(),
    };
  },
};
