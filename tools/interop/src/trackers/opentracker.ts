/** opentracker, which Debian builds with a whitelist: it serves the infohashes it is given alone. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../until.ts';
import { scrape, TRACKER_PORT, type Tracker } from './tracker.ts';

export const opentracker: Tracker = {
  name: 'opentracker',
  programs: ['opentracker'],
  async start(arena, host, infoHashes) {
    const home = await arena.subfolder('opentracker');
    await writeFile(join(home, 'whitelist'), infoHashes.map((hash) => `${hash}\n`).join(''));
    const port = String(TRACKER_PORT);
    const listen = ['-i', host.v4, '-p', port, '-P', port];
    // It gives up root for this user and takes the folder for its root: the list is named from there.
    const argv = ['opentracker', ...listen, '-u', 'nobody', '-d', home, '-w', 'whitelist'];
    arena.start(host, 'opentracker', argv);
    await until('opentracker to answer', arena.signal, async () =>
      (await scrape(arena, host, infoHashes[0] ?? '')).includes('5:files') ? true : undefined,
    );
  },
};
