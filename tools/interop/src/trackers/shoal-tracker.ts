/** shoal-tracker, as built, on every address of its host. */
import { shoalProgram } from '../clients/shoal.ts';
import { TRACKER_PORT, type Tracker } from './tracker.ts';

export const shoalTracker: Tracker = {
  name: 'shoal-tracker',
  programs: [],
  async start(arena, host) {
    const port = String(TRACKER_PORT);
    const argv = [...shoalProgram('shoal-tracker'), '--http', port, '--udp', port, '--json'];
    const tracker = arena.start(host, 'shoal-tracker', argv);
    await tracker.line(/"event":"ready"/, arena.signal);
  },
};
