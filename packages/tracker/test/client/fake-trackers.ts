/** Trackers that answer as a test says, and remember what they heard. */
import type { InfoHash } from '@shoal/units';
import type {
  AnnounceRequest,
  AnnounceResponse,
  TrackerTransport,
} from '../../src/client/index.ts';
import type { ScrapeCounts } from '../../src/protocol/announce.ts';
import type { TrackerError } from '../../src/protocol/tracker-error.ts';

type Answer = AnnounceResponse | Promise<AnnounceResponse> | TrackerError | 'silence';

export interface Heard extends AnnounceRequest {
  readonly url: string;
  readonly atMs: number;
}

export class FakeTrackers implements TrackerTransport {
  readonly heard: Heard[] = [];
  readonly answers = new Map<string, Answer>();
  counts: ScrapeCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  async announce(
    url: string,
    request: AnnounceRequest,
    signal: AbortSignal,
  ): Promise<AnnounceResponse> {
    this.heard.push({ ...request, url, atMs: this.#nowMs() });
    const answer = this.answers.get(url) ?? { intervalS: 1_800, peers: [] };
    if (answer === 'silence')
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    if (answer instanceof Error) throw answer;
    return answer;
  }

  async scrape(_url: string, infoHashes: readonly InfoHash[]): Promise<readonly ScrapeCounts[]> {
    return infoHashes.map(() => this.counts);
  }

  async close(): Promise<void> {}

  /** `url event` of each announce heard so far, in order. */
  said(): string[] {
    return this.heard.map(({ url, event }) => `${url} ${event ?? '-'}`);
  }
}
