/** Where peers are found beside trackers: the DHT and the local network, as the flags ask. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DhtDiscovery, type Discovery, LocalDiscovery } from '@shoal/discovery';
import type { Clock, Log, Random } from '@shoal/units';
import { DhtKeeper } from './dht-keeper.ts';
import { explaining } from './explain-error.ts';
import type { SwarmFlags } from './swarm-flags.ts';

interface Discoveries {
  readonly all: readonly Discovery[];
  /** Keeps what the DHT has learnt for the next run; call it when all has stopped. */
  close(): Promise<void>;
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
  if (!flags.dht) return { all: local, close: async () => {} };
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
  const keeper = new DhtKeeper({ path, table: dht, ...ports });
  return { all: [...local, dht], close: () => keeper.close() };
}
