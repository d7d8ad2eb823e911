/**
 * Hosts of their own: network namespaces joined by a bridge in one more namespace, so that
 * nothing of the machine's own network is touched. Each lane has a bridge of its own: lanes do not
 * see each other and use the same addresses.
 *
 * | host | IPv4 | IPv6 |
 * |---|---|---|
 * | n (1 up) | 10.77.0.n/24 | fd77::n/64 |
 */
import { output, run } from './run.ts';

const PREFIX = 'shoal-interop-';

export interface Host {
  readonly namespace: string;
  readonly v4: string;
  readonly v6: string;
}

export class Hosts {
  readonly all: readonly Host[];
  readonly #switch: string;

  private constructor(lane: number, count: number) {
    const prefix = `${PREFIX}${process.pid}-${lane}`;
    this.#switch = `${prefix}-switch`;
    this.all = Array.from({ length: count }, (_, index) => ({
      namespace: `${prefix}-h${index + 1}`,
      v4: `10.77.0.${index + 1}`,
      v6: `fd77::${index + 1}`,
    }));
  }

  /** Makes `count` hosts. */
  static async open(lane: number, count: number): Promise<Hosts> {
    const hosts = new Hosts(lane, count);
    try {
      await hosts.#build();
    } catch (error) {
      await hosts.close();
      throw error;
    }
    return hosts;
  }

  /** Why hosts cannot be made here, or undefined. */
  static async obstacle(): Promise<string | undefined> {
    if (process.platform !== 'linux') return 'network namespaces need Linux';
    const tried = await run(['ip', 'netns', 'list']).catch(() => undefined);
    if (tried === undefined || tried.code !== 0) return '`ip` (iproute2) is missing';
    if (process.getuid?.() !== 0) return 'network namespaces need root';
    return undefined;
  }

  /** What to run in order to run `argv` on `host`. */
  static on(host: Host, argv: readonly string[]): string[] {
    return ['ip', 'netns', 'exec', host.namespace, ...argv];
  }

  /** Ends what still runs on the hosts and takes them down. Idempotent. */
  async close(): Promise<void> {
    for (const host of this.all) await remove(host.namespace);
    await remove(this.#switch);
  }

  async #build(): Promise<void> {
    const bridge = (...args: string[]) => output(['ip', '-n', this.#switch, ...args]);
    await output(['ip', 'netns', 'add', this.#switch]);
    await bridge('link', 'add', 'bridge', 'type', 'bridge');
    await bridge('link', 'set', 'bridge', 'up');
    for (const [index, host] of this.all.entries()) {
      const port = `port${index + 1}`;
      const on = (...args: string[]) => output(['ip', '-n', host.namespace, ...args]);
      await output(['ip', 'netns', 'add', host.namespace]);
      await bridge(
        ...['link', 'add', port, 'type', 'veth'],
        ...['peer', 'name', 'eth0', 'netns', host.namespace],
      );
      await bridge('link', 'set', port, 'master', 'bridge', 'up');
      await on('link', 'set', 'lo', 'up');
      await on('addr', 'add', `${host.v4}/24`, 'dev', 'eth0');
      await on('addr', 'add', `${host.v6}/64`, 'dev', 'eth0', 'nodad');
      await on('link', 'set', 'eth0', 'up');
      await on('route', 'add', 'default', 'dev', 'eth0');
    }
  }
}

/** Ends the programs of a namespace (all were started by this tool) and deletes it. */
async function remove(namespace: string): Promise<void> {
  const pids = await run(['ip', 'netns', 'pids', namespace]);
  for (const pid of pids.stdout.split('\n').filter(Boolean)) kill(Number(pid));
  await run(['ip', 'netns', 'delete', namespace]);
}

/** Takes down the namespaces of runs that were killed. */
export async function clearStaleHosts(): Promise<void> {
  const listed = await output(['ip', 'netns', 'list']);
  for (const [, namespace = '', owner] of listed.matchAll(/^(shoal-interop-(\d+)-[\w-]+)/gm)) {
    if (!isAlive(Number(owner))) await remove(namespace);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A process that ended by itself meanwhile is no fault. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
