/** shoal-seeder and `shoal get`. */
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { ServerProcess } from '../server-process.ts';
import { shoalProgram } from '../shoal-program.ts';
import type { PeerProgram } from './pair.ts';

const HERE = ['--host', '127.0.0.1', '--no-dht', '--no-lsd'];

export const shoal: PeerProgram = {
  name: 'Shoal',
  async seed({ folder, torrentPath, root }) {
    const port = await freePort();
    const process = await ServerProcess.start({
      argv: [
        ...shoalProgram('shoal-seeder'),
        ...[torrentPath, '--data', folder, '--port', String(port), ...HERE],
        ...['--json', '--state', join(root, `state-seeder-${port}`)],
      ],
      ready: /"event":"ready"/,
    });
    return {
      process,
      port,
      leechArgv: (output, near) => [
        ...shoalProgram('shoal'),
        ...['get', torrentPath, '--output', output, '--peer', `127.0.0.1:${near}`, '--port', '0'],
        ...[...HERE, '--quiet', '--state', join(output, 'state')],
      ],
      close: () => process.stop(),
    };
  },
};
