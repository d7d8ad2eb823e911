/** The web seeds of one torrent. */
import { WebSeed, type WebSeedOptions } from './web-seed.ts';

/** What all of them are told alike. */
export type WebSeedsOptions = Omit<WebSeedOptions, 'url' | 'key'>;

export class WebSeeds {
  readonly #seeds: readonly WebSeed[];
  readonly #options: WebSeedsOptions;
  #isAsking = false;

  constructor(urls: readonly string[], options: WebSeedsOptions) {
    this.#options = options;
    this.#seeds = urls.map((url, index) => new WebSeed({ ...options, url, key: -1 - index }));
  }

  /** URL of a web seed by its key; undefined for keys of peers. */
  urlOf(key: number): string | undefined {
    return this.#seeds.find((seed) => seed.key === key)?.url;
  }

  /** It sent bad data: it is not asked again. @returns false when the URL is none of ours */
  ban(url: string): boolean {
    const seed = this.#seeds.find((candidate) => candidate.url === url);
    seed?.ban();
    return seed !== undefined;
  }

  /** Asks for what is missing, while something is fetched: once a second, and when there may be more. */
  tick(nowMs: number): void {
    const { isEnabled } = this.#options.downloader;
    // All is here: what still comes is of no use.
    if (this.#isAsking && !isEnabled) this.stop();
    this.#isAsking = isEnabled;
    if (isEnabled) for (const seed of this.#seeds) seed.tick(nowMs);
  }

  stop(): void {
    this.#isAsking = false;
    for (const seed of this.#seeds) seed.stop();
  }
}
