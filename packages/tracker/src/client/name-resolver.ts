/** From names to addresses, without the threads that `getaddrinfo` takes while a name server is silent. */
import { lookup, Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { orAborted } from './deadline.ts';
import type { Resolve } from './endpoints.ts';
import { HostGate } from './host-gate.ts';
import { codeOf } from './http-get.ts';

/** How long a name server may take to answer one of two tries. */
const QUERY_TIMEOUT_MS = 2_500;
const QUERY_TRIES = 2;
/**
 * Names that the system looks up at a time. Each takes one of four threads that serve the disk too,
 * and until it is done the program cannot end: those that wait are dropped when nobody wants them.
 */
const SYSTEM_LOOKUPS = 2;
const HOSTS_FILE =
  process.platform === 'win32'
    ? `${process.env.SystemRoot ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts`
    : '/etc/hosts';

export interface NameResolverOptions {
  /** Name servers as `IP:PORT`; the system's own when left out. */
  readonly servers?: readonly string[];
  /** The text of the hosts file. */
  readonly readHosts?: () => Promise<string>;
  /** The system's resolver: it knows more than name servers do. */
  readonly lookUp?: (host: string) => ReturnType<Resolve>;
}

/**
 * Asks the name servers itself. Names of this machine and its network (without a dot, `.local`, in
 * the hosts file), and all names while no name server can be asked, go to the system's resolver.
 */
export class NameResolver {
  readonly #servers: readonly string[] | undefined;
  readonly #readHosts: () => Promise<string>;
  readonly #lookUp: (host: string) => ReturnType<Resolve>;
  readonly #gate = new HostGate(SYSTEM_LOOKUPS);

  constructor(options: NameResolverOptions = {}) {
    this.#servers = options.servers;
    this.#readHosts = options.readHosts ?? (() => readFile(HOSTS_FILE, 'utf8'));
    this.#lookUp = options.lookUp ?? ((host) => lookup(host, { all: true }));
  }

  /** @throws the system's error when the name has no address, the signal's reason when it fires */
  readonly resolve: Resolve = async (host, signal) => {
    if (isLocal(host) || (await this.#isInHosts(host))) return this.#askSystem(host, signal);
    return (await this.#query(host, signal)) ?? this.#askSystem(host, signal);
  };

  /** @returns undefined when no name server can be asked. @throws the error of the one that was */
  async #query(
    host: string,
    signal: AbortSignal,
  ): Promise<Awaited<ReturnType<Resolve>> | undefined> {
    signal.throwIfAborted();
    const resolver = new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRIES });
    if (this.#servers !== undefined) resolver.setServers(this.#servers);
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      signal.throwIfAborted();
      const found = answers.flatMap((answer, at) =>
        answer.status === 'fulfilled'
          ? answer.value.map((address) => ({ address, family: at === 0 ? 4 : 6 }))
          : [],
      );
      if (found.length > 0) return found;
      const faults = answers.flatMap((answer) =>
        answer.status === 'rejected' ? [answer.reason as unknown] : [],
      );
      const final = faults.find(isFinal);
      if (final !== undefined) throw final;
      return undefined;
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  #askSystem(host: string, signal: AbortSignal): ReturnType<Resolve> {
    const found = this.#gate.pass('system', async () => {
      signal.throwIfAborted();
      return this.#lookUp(host);
    });
    return orAborted(found, signal);
  }

  async #isInHosts(host: string): Promise<boolean> {
    const text = await this.#readHosts().catch(() => '');
    const name = host.toLowerCase();
    return text
      .split('\n')
      .some((line) => line.replace(/#.*/, '').toLowerCase().trim().split(/\s+/).includes(name, 1));
  }
}

/** One label, or one of mDNS (RFC 6762) or of this machine (RFC 6761). */
function isLocal(host: string): boolean {
  return !host.includes('.') || /(?:^|\.)local(?:host)?\.?$/i.test(host);
}

/** There is no such name, or no answer: the system would learn no more, and perhaps wait longer. */
function isFinal(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOTFOUND' || code === 'ENODATA' || code === 'ETIMEOUT';
}
