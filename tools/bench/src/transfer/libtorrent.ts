/** libtorrent 2.0 through Debian's python3-libtorrent. */
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { ServerProcess } from '../server-process.ts';
import type { PeerProgram } from './pair.ts';

/** Debian's own Python: another one on the path does not see Debian's modules. */
const SCRIPT = [
  '/usr/bin/python3',
  join(import.meta.dirname, '..', 'rivals', 'libtorrent_peer.py'),
];

export const libtorrent: PeerProgram = {
  name: 'libtorrent',
  async seed({ folder, torrentPath }) {
    const port = await freePort();
    const process = await ServerProcess.start({
      argv: [...SCRIPT, 'seed', torrentPath, folder, String(port)],
      ready: /^ready$/m,
    });
    return {
      process,
      port,
      leechArgv: (output, near) => [...SCRIPT, 'leech', torrentPath, output, String(near)],
      close: () => process.stop(),
    };
  },
};
