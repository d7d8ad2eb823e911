/** Makes one call of the network fail: a listener, a dial, or what is done with a stream. */
import type { MemoryHost } from '@shoal/testkit';
import type { Transport } from '@shoal/units';

export class FailingHost {
  /** Calls so far. */
  callCount = 0;
  /** What failed, for people; undefined as long as nothing has. */
  failed: string | undefined;
  /** The call that fails, from 1 on. */
  readonly #failing: number;

  /** @param host - its `listen` and `dial` are replaced, for good */
  constructor(host: MemoryHost, failing = Number.POSITIVE_INFINITY) {
    this.#failing = failing;
    const [listen, dial] = [host.listen.bind(host), host.dial.bind(host)];
    host.listen = async (port, name, accept) => {
      const error = this.#next('listen', 'EADDRNOTAVAIL');
      if (error !== undefined) throw error;
      return listen(port, name, (transport) => accept(this.#watch(transport)));
    };
    host.dial = async (address, options) => {
      const error = this.#next('dial', 'EMFILE');
      if (error !== undefined) throw error;
      return this.#watch(await dial(address, options));
    };
  }

  #next(name: string, code: string): Error | undefined {
    if (++this.callCount !== this.#failing) return undefined;
    this.failed = `${name}: ${code}`;
    return Object.assign(new Error(`${code}: made to fail, ${name}`), { code, syscall: name });
  }

  /** A stream whose calls are counted; it breaks at the one that fails, as a socket does. */
  #watch(transport: Transport): Transport {
    const breakable = transport as Transport & { fail(error: Error): void };
    for (const name of ['start', 'write', 'pause', 'resume', 'uncork'] as const) {
      const real = transport[name].bind(transport) as (...args: unknown[]) => never;
      transport[name] = (...args: unknown[]) => {
        const error = this.#next(name, 'EPIPE');
        if (error !== undefined) breakable.fail(error);
        return real(...args);
      };
    }
    return transport;
  }
}
