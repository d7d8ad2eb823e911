/** Questions that two trackers are asked alike, and what comes back. */

type Event = 'started' | 'completed' | 'stopped';

export type Question =
  | {
      readonly type: 'announce';
      readonly via: 'http' | 'udp';
      /** Who asks: peers of one address differ by port. */
      readonly port: number;
      readonly left: number;
      readonly event?: Event;
      readonly numWant?: number;
      /** More of the query, over HTTP. */
      readonly more?: string;
    }
  | {
      readonly type: 'scrape';
      readonly via: 'http' | 'udp';
      readonly infoHashes: readonly string[];
    }
  /** A request target, over HTTP. */
  | { readonly type: 'raw'; readonly via: 'http'; readonly target: string };

/** An HTTP body or a datagram, as hex; a status for HTTP. */
export interface RawAnswer {
  readonly status?: number;
  readonly hex: string;
}

/** What `ask.ts` gets as its argument, as JSON. */
export interface Questionnaire {
  readonly host: string;
  readonly port: number;
  /** Hex, of the announces. */
  readonly infoHash: string;
  readonly questions: readonly Question[];
}
