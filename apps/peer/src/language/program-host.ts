/** The host that a program is to the language: its engine, its folders, its torrent in view. */
import { networkInterfaces } from 'node:os';
import { type EngineHandle, systemClock, type TorrentHandle } from '@shoal/engine';
import { type AddSource, readAddSources } from '../add-source.ts';
import type { Host } from './host.ts';

export interface ProgramHostOptions {
  readonly engine: EngineHandle;
  /** The address the engine is bound to; all of this machine when left out. */
  readonly boundTo: string | undefined;
  /** Adds one as the flags ask. @throws EngineError */
  add(source: AddSource): Promise<TorrentHandle>;
  /** How wide a line may be; left out where there is no screen. */
  readonly columns?: () => number;
  /** Called at `/quit` and when the last torrent was quit. */
  onQuit(): void;
}

export class ProgramHost implements Host {
  readonly engine: EngineHandle;
  readonly clock = systemClock;
  readonly folder = process.cwd();
  readonly #options: ProgramHostOptions;
  #inView: string | undefined;
  #hasQuit = false;

  constructor(options: ProgramHostOptions) {
    this.engine = options.engine;
    this.#options = options;
  }

  get hasQuit(): boolean {
    return this.#hasQuit;
  }

  columns(): number | undefined {
    return this.#options.columns?.();
  }

  addresses(): readonly string[] {
    const { boundTo } = this.#options;
    return boundTo === undefined ? outsideAddresses() : [boundTo];
  }

  torrentInView(): string | undefined {
    return this.#inView;
  }

  view(infoHash: string | undefined): void {
    this.#inView = infoHash;
  }

  async add(text: string): Promise<readonly TorrentHandle[]> {
    const torrents: TorrentHandle[] = [];
    for (const source of await readAddSources(text)) torrents.push(await this.#options.add(source));
    return torrents;
  }

  quit(): void {
    this.#hasQuit = true;
    this.#options.onQuit();
  }
}

/** Addresses that others may reach; loopback alone when there is no network. */
function outsideAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outside = all.filter(({ internal, scopeid }) => !internal && !scopeid);
  return outside.length > 0 ? outside.map(({ address }) => address) : ['127.0.0.1'];
}
