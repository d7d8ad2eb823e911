/** Two real engines on loopback, a seeder and a leecher, and a host that commands run in. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AddOptions,
  createEngine,
  type EngineHandle,
  type Limits,
  systemClock,
} from '@shoal/engine';
import type { Metainfo } from '@shoal/metainfo';
import type { Clock } from '@shoal/units';
import { readAddSources } from '../../src/add-source.ts';
import type { Answer } from '../../src/language/answer.ts';
import type { Host } from '../../src/language/host.ts';
import { runLine } from '../../src/language/run-line.ts';
import { makeTorrent } from '../sample.ts';

export { PIECE_LENGTH } from '../sample.ts';

/** A folder of its own, and what lies in it. */
export class Sandbox {
  readonly folder: string;
  readonly #clock: Clock;
  readonly #engines: EngineHandle[] = [];

  private constructor(folder: string, clock: Clock) {
    this.folder = folder;
    this.#clock = clock;
  }

  /** @param clock - of its engines */
  static async open(clock: Clock = systemClock): Promise<Sandbox> {
    return new Sandbox(await mkdtemp(join(tmpdir(), 'shoal-language-')), clock);
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /**
   * Makes `seed/NAME/FILE` for each file, of bytes that repeat nowhere, and NAME.torrent.
   * @param files - lengths in bytes
   */
  async torrent(
    name: string,
    files: Readonly<Record<string, number>>,
    trackers: readonly string[] = [],
  ): Promise<Metainfo> {
    const folder = this.path('seed');
    const torrentPath = this.path(`${name}.torrent`);
    const { metainfo } = await makeTorrent({ folder, name, files, torrentPath, trackers });
    return metainfo;
  }

  /** Without peer exchange: who knows whom is up to the test. */
  async engine(name: string, limits: Partial<Limits> = {}): Promise<EngineHandle> {
    const engine = await createEngine({
      port: 0,
      host: '127.0.0.1',
      stateFolder: this.path('state', name),
      limits,
      usesPeerExchange: false,
      clock: this.#clock,
    });
    this.#engines.push(engine);
    return engine;
  }

  /** An engine that seeds what `torrent` made. */
  async seeder(
    metainfos: readonly Metainfo[],
    limits: Partial<Limits> = {},
  ): Promise<EngineHandle> {
    const engine = await this.engine('seeder', limits);
    for (const metainfo of metainfos) {
      await engine.add({ source: { metainfo }, outputFolder: this.path('seed') });
      await until(engine, metainfo, 'seeding');
    }
    return engine;
  }

  async close(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.close()));
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A host as a program would be one, with what commands did to it. */
export class TestHost implements Host {
  readonly engine: EngineHandle;
  readonly clock: Clock;
  readonly folder: string;
  inView: string | undefined;
  /** Of the screen, if there were one. */
  width: number | undefined;
  hasQuit = false;
  /** How the next torrents are added. */
  addOptions: Partial<AddOptions> = {};

  constructor(engine: EngineHandle, folder: string, clock: Clock = systemClock) {
    this.engine = engine;
    this.folder = folder;
    this.clock = clock;
  }

  columns(): number | undefined {
    return this.width;
  }

  addresses(): readonly string[] {
    return ['127.0.0.1'];
  }

  torrentInView(): string | undefined {
    return this.inView;
  }

  view(infoHash: string): void {
    this.inView = infoHash;
  }

  async add(text: string) {
    const outputFolder = join(this.folder, 'out');
    const sources = await readAddSources(text);
    return Promise.all(
      sources.map((source) => this.engine.add({ source, outputFolder, ...this.addOptions })),
    );
  }

  quit(): void {
    this.hasQuit = true;
  }
}

/** All answers of one line. */
export async function answersOf(host: Host, line: string, signal?: AbortSignal): Promise<Answer[]> {
  const answers: Answer[] = [];
  for await (const answer of runLine(host, line, signal)) answers.push(answer);
  return answers;
}

/** What a person reads in the end: the lines that stay. */
export async function textOf(host: Host, line: string): Promise<string> {
  const answers = await answersOf(host, line);
  return answers
    .filter(({ kind }) => kind === 'line')
    .map(({ text }) => text)
    .join('\n');
}

/** Resolves when the torrent has that status, or has it already. */
export function until(engine: EngineHandle, { info }: Metainfo, status: string): Promise<void> {
  const infoHash = Buffer.from(info.infoHash).toString('hex');
  const has = (): boolean => engine.torrent(infoHash)?.getSummary().status === status;
  return new Promise((resolve) => {
    const look = (): void => {
      if (!has()) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = engine.subscribe(look);
    look();
  });
}
