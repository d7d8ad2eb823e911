/** Where peers are found beside trackers: the DHT and the local network, as the flags ask. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DhtDiscovery, type Discovery, LocalDiscovery } from '@shoal/discovery';
import type { Clock, Log, Random } from '@shoal/units';
import { explaining } from './explain-error.ts';
import type { SwarmFlags } from './swarm-flags.ts';

interface Discoveries {
  readonly all: readonly Discovery[];
  /** Keeps what the DHT has learnt for the next run; call it when all has stopped. */
  save(): Promise<void>;
}

/**
 * Makes them; the engine starts and stops them.
 * @param folder - keeps the routing table of the DHT
 * @throws CliError for a bootstrap node that is no HOST:PORT
 */
export async function openDiscoveries(
  flags: SwarmFlags,
  folder: string,
  ports: { readonly clock: Clock; readonly random: Random; readonly log: Log },
): Promise<Discoveries> {
  const local = flags.lsd ? [new LocalDiscovery(ports)] : [];
  if (!flags.dht) return { all: local, save: async () => {} };
  const path = join(folder, 'dht.state');
  const savedState = await readFile(path).catch(() => undefined);
  const dht = await explaining(
    '',
    () =>
      new DhtDiscovery({
        ...ports,
        ...(flags.host === undefined ? {} : { host: flags.host }),
        ...(flags.dhtBootstrap === undefined ? {} : { bootstrap: flags.dhtBootstrap }),
        ...(savedState === undefined ? {} : { savedState: new Uint8Array(savedState) }),
      }),
  );
  const save = (): Promise<void> =>
    replaceFile(path, dht.save()).catch((error: Error) =>
      ports.log.warn('the DHT nodes were not kept', { reason: error.message }),
    );
  return { all: [...local, dht], save };
}

/** Without fsync: a routing table that is lost costs a lookup. */
async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, bytes);
  await rename(`${path}.new`, path);
}
