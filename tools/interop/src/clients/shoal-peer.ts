/** One `shoal get` on a host of its own: what it tells in `--json`, how it is killed and begun again. */
import type { Arena } from '../arena.ts';
import type { Host } from '../hosts.ts';
import type { Program } from '../program.ts';
import { until } from '../until.ts';
import { shoalProgram } from './shoal.ts';

/** One line of `--json`: the name of the event, and the fields the README of `shoal` lists. */
export interface ShoalEvent {
  readonly event: string;
  readonly infoHash?: string;
  readonly [field: string]: unknown;
}

export interface ShoalPeerOptions {
  readonly host: Host;
  /** .torrent files and magnets. */
  readonly sources: readonly string[];
  /** Where the files go. */
  readonly folder: string;
  readonly flags: readonly string[];
}

export class ShoalPeer {
  readonly host: Host;
  readonly folder: string;
  readonly #arena: Arena;
  readonly #options: ShoalPeerOptions;
  /** One for each time it was started, the newest last. */
  readonly #runs: Run[] = [];

  constructor(arena: Arena, options: ShoalPeerOptions) {
    this.#arena = arena;
    this.#options = options;
    this.host = options.host;
    this.folder = options.folder;
  }

  /** Starts it, with the same command line each time, and waits until its port listens. */
  async start(): Promise<void> {
    const { host, sources, folder, flags } = this.#options;
    const state = await this.#arena.subfolder(`state-${host.v4}`);
    const program = this.#arena.start(host, `shoal get on ${host.v4}`, [
      ...[...shoalProgram('shoal'), 'get', ...sources],
      ...['--output', folder, '--state', state, '--json', ...flags],
    ]);
    this.#runs.push(new Run(program));
    await program.line(/"event":"ready"/, this.#arena.signal);
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    await this.#run.program.stop('SIGKILL');
  }

  /** Ends it in order. @throws Error when it does not end well */
  async stop(): Promise<void> {
    const code = await this.#run.program.stop();
    if (code !== 0) throw new Error(`${this.#run.program.name} ended with exit code ${code}`);
  }

  /** Waits for its end by itself. @throws Error when it does not end well */
  done(): Promise<void> {
    return this.#run.program.done(this.#arena.signal);
  }

  /** What all its runs told, in order. */
  get events(): readonly ShoalEvent[] {
    return this.#runs.flatMap((run) => run.events());
  }

  /** Events of that name in the present run, of one torrent when it is named. */
  eventsOf(event: string, infoHash?: string): ShoalEvent[] {
    const isWanted = (one: ShoalEvent): boolean =>
      one.event === event && (infoHash === undefined || one.infoHash === infoHash);
    return this.#run.events().filter(isWanted);
  }

  /** Pieces that were fetched and verified in the present run. */
  pieces(infoHash: string): Set<number> {
    return new Set(this.eventsOf('piece', infoHash).map(({ index }) => Number(index)));
  }

  /** IP addresses of the peers it was connected to in the present run. */
  met(infoHash: string): Set<string> {
    const joined = this.eventsOf('peer', infoHash).filter(({ state }) => state === 'joined');
    return new Set(joined.map(({ address }) => hostOf(String(address))));
  }

  isComplete(infoHash: string): boolean {
    return this.eventsOf('complete', infoHash).length > 0;
  }

  /** Waits for something that it tells. @param what - completes "waited in vain for …" */
  until(what: string, probe: () => boolean): Promise<true> {
    const whole = `${what} at ${this.host.v4}`;
    return until(whole, this.#arena.signal, () => (probe() ? true : undefined));
  }

  get #run(): Run {
    const run = this.#runs.at(-1);
    if (run === undefined) throw new Error('it was not started');
    return run;
  }
}

/** `10.77.0.3:6881`, `[fd77::3]:6881` -> the IP address. */
export function hostOf(address: string): string {
  return address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}

/** One process and its events, each read once. */
class Run {
  readonly program: Program;
  readonly #events: ShoalEvent[] = [];
  #readLength = 0;

  constructor(program: Program) {
    this.program = program;
  }

  /** Those so far. A case tells less than the output that `Program` keeps. */
  events(): readonly ShoalEvent[] {
    const { output } = this.program;
    const end = output.lastIndexOf('\n') + 1;
    for (const line of output.slice(this.#readLength, end).split('\n'))
      if (line.startsWith('{"event"')) this.#events.push(JSON.parse(line));
    this.#readLength = end;
    return this.#events;
  }
}
