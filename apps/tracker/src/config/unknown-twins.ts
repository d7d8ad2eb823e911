/** Environment variables that look like the twin of a flag and are none. Pure. */
import type { Command } from 'commander';
import { environmentName } from '../tracker-flag.ts';
import { WORKER_VARIABLE } from '../workers/worker-protocol.ts';
import { whatWasMeant } from './what-was-meant.ts';

const PREFIX = 'SHOAL_TRACKER_';

/** What Kubernetes sets in each container for a service of our name. */
const OF_KUBERNETES = /^SHOAL_TRACKER_(?:SERVICE_(?:HOST|PORT)|PORT_\d)|^SHOAL_TRACKER_PORT=\w+:/;

/** @returns a sentence for each */
export function unknownTwins(program: Command, env: NodeJS.ProcessEnv): string[] {
  const known = new Set([WORKER_VARIABLE, ...namesOf(program)]);
  return Object.entries(env).flatMap(([name, value]) => {
    if (!name.startsWith(PREFIX) || known.has(name)) return [];
    if (OF_KUBERNETES.test(`${name}=${value}`)) return [];
    const ends = [...known].map((each) => each.slice(PREFIX.length));
    const next = whatWasMeant(name.slice(PREFIX.length), ends, PREFIX);
    return [`${name} stands for no flag. ${next}`];
  });
}

/** Of all commands. */
function namesOf(command: Command): string[] {
  const own = command.options.flatMap((option) => [environmentName(option), option.envVar ?? []]);
  return [...own.flat(), ...command.commands.flatMap(namesOf)];
}
