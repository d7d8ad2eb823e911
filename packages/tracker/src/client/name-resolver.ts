/** From names to addresses, without the threads that `getaddrinfo` takes while a name server is silent. */
import { lookup, Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { orAborted } from './deadline.ts';
import type { Resolve } from './endpoints.ts';
import { HostGate } from './host-gate.ts';
import { codeOf } from './http-get.ts';
import { searchNames } from './search-names.ts';

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
/** Where there is none, names are asked for as they are. */
const CONF_FILE = '/etc/resolv.conf';

type Found = Awaited<ReturnType<Resolve>>;

export interface NameResolverOptions {
  /** Name servers as `IP:PORT`; the system's own when left out. */
  readonly servers?: readonly string[];
  /** How long one may take to answer each of two tries. */
  readonly timeoutMs?: number;
  /** The text of the hosts file. */
  readonly readHosts?: () => Promise<string>;
  /** The text of resolv.conf: its search list alone counts. */
  readonly readConf?: () => Promise<string>;
  /** The system's resolver: it knows more than name servers do. */
  readonly lookUp?: (host: string) => ReturnType<Resolve>;
}

/**
 * Asks the name servers itself. Names of this machine and its network (without a dot, `.local`, in
 * the hosts file), and all names while no name server can be asked, go to the system's resolver. Each
 * is asked for under the domains of the search list too, as the system would.
 */
export class NameResolver {
  readonly #servers: readonly string[] | undefined;
  readonly #timeoutMs: number;
  readonly #readHosts: () => Promise<string>;
  readonly #readConf: () => Promise<string>;
  readonly #lookUp: (host: string) => ReturnType<Resolve>;
  readonly #gate = new HostGate(SYSTEM_LOOKUPS);

  constructor(options: NameResolverOptions = {}) {
    this.#servers = options.servers;
    this.#timeoutMs = options.timeoutMs ?? QUERY_TIMEOUT_MS;
    this.#readHosts = options.readHosts ?? (() => readFile(HOSTS_FILE, 'utf8'));
    this.#readConf = options.readConf ?? (() => readFile(CONF_FILE, 'utf8'));
    this.#lookUp = options.lookUp ?? ((host) => lookup(host, { all: true }));
  }

  /** @throws the system's error when the name has no address, the signal's reason when it fires */
  readonly resolve: Resolve = async (host, signal) => {
    if (isLocal(host) || (await this.#isInHosts(host))) return this.#askSystem(host, signal);
    return (await this.#search(host, signal)) ?? this.#askSystem(host, signal);
  };

  /**
   * Asks for the name as it is, and for what the search list makes of it. What no name server tells of
   * the longer ones decides nothing, and none of them is asked for once one was met with silence.
   * @returns undefined when no name server can be asked. @throws the error of the one that was
   */
  async #search(host: string, signal: AbortSignal): Promise<Found | undefined> {
    const conf = await this.#readConf().catch(() => '');
    let fault: unknown;
    let isSilent = false;
    for (const name of searchNames(host, conf)) {
      if (isSilent && name !== host) continue;
      try {
        const found = await this.#query(name, signal);
        if (found !== undefined) return found;
      } catch (error) {
        signal.throwIfAborted();
        if (!isFinal(error)) throw error;
        if (name === host) fault = error;
        isSilent ||= codeOf(error) === 'ETIMEOUT';
      }
    }
    if (fault !== undefined) throw fault;
    return undefined;
  }

  /** @returns undefined when no name server can be asked. @throws the error of the one that was */
  async #query(host: string, signal: AbortSignal): Promise<Found | undefined> {
    signal.throwIfAborted();
    const resolver = new Resolver({ timeout: this.#timeoutMs, tries: QUERY_TRIES });
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
