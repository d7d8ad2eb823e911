/** What happens in the swarms, told to people or machines through a Reporter. */
import { CliError } from './cli-error.ts';
import { ExitCode } from './exit-code.ts';
import { explainError } from './explain-error.ts';
import { redactSecrets } from './redact.ts';
import type { Reporter } from './reporter.ts';

/** An event of the engine, whatever its fields. */
export interface SwarmEvent {
  readonly type: string;
  readonly infoHash: string;
}

/** What the event `tracker` says. */
interface TrackerAnswer {
  readonly url: string;
  readonly ok: boolean;
  readonly message: string;
  /** It is not asked again. */
  readonly isOff: boolean;
}

/** What of a torrent's summary is reported. Lengths in bytes. */
export interface SwarmSummary {
  readonly infoHash: string;
  readonly status: string;
  readonly wantedLength: number;
  readonly haveLength: number;
  readonly downloaded: number;
  readonly uploaded: number;
  readonly downBytesPerS: number;
  readonly upBytesPerS: number;
  readonly etaS: number | undefined;
  readonly peerCount: number;
}

/** Milliseconds between the `progress` events of one torrent. */
const PROGRESS_MS = 1000;

/** How peers come and go, in one event `peer`. */
const PEER_STATES: Readonly<Record<string, string>> = {
  'peer-joined': 'joined',
  'peer-left': 'left',
  'peer-banned': 'banned',
};

/** What to do when the disk is full: what was verified is kept. */
const GO_ON = 'Free some space and run the same command: it goes on where it was.';

/** Codes of `torrent-error` that the chunk store threw. */
const STORE_FAULTS: ReadonlySet<string> = new Set([
  'disk-full',
  'no-permission',
  'unsafe-path',
  'too-many-files',
  'missing',
  'io',
]);

export interface SwarmReportOptions {
  /** Monotonic milliseconds. */
  readonly nowMs?: () => number;
  /** Tells people why a torrent stopped. */
  readonly tellFailure: (failure: CliError) => void;
}

export class SwarmReport {
  readonly #reporter: Reporter;
  readonly #tellFailure: (failure: CliError) => void;
  readonly #nowMs: () => number;
  readonly #failures = new Map<string, CliError>();
  /** Tracker URL to the complaint people have seen. */
  readonly #complaints = new Map<string, string>();
  readonly #shown = new Map<string, string>();
  #progressAtMs = Number.NEGATIVE_INFINITY;

  constructor(reporter: Reporter, options: SwarmReportOptions) {
    this.#reporter = reporter;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#tellFailure = options.tellFailure;
  }

  /** Why a torrent stopped, when it did. */
  failureOf(infoHash: string): CliError | undefined {
    return this.#failures.get(infoHash);
  }

  handleEvent(event: SwarmEvent): void {
    const { type, ...fields } = event as SwarmEvent & Record<string, unknown>;
    if (type === 'torrent-error') {
      this.#handleFailure(event.infoHash, fields);
      return;
    }
    if (type === 'tracker') this.#handleTracker(fields);
    const state = PEER_STATES[type];
    const shown = redactFields(fields);
    if (state === undefined) this.#reporter.event(type, shown);
    else this.#reporter.event('peer', { ...shown, state });
  }

  /** Writes `progress` events: each torrent that changed, once a second. */
  update(summaries: readonly SwarmSummary[]): void {
    const nowMs = this.#nowMs();
    if (!this.#reporter.isJson || nowMs - this.#progressAtMs < PROGRESS_MS) return;
    this.#progressAtMs = nowMs;
    for (const summary of summaries) {
      const fields = progressFields(summary);
      const text = JSON.stringify(fields);
      if (this.#shown.get(summary.infoHash) === text) continue;
      this.#shown.set(summary.infoHash, text);
      this.#reporter.event('progress', fields);
    }
  }

  #handleFailure(infoHash: string, fields: Record<string, unknown>): void {
    const { code, message } = fields as { code: string; message: string };
    const failure = explainFault(code, message);
    this.#failures.set(infoHash, failure);
    this.#reporter.event('error', {
      infoHash,
      code,
      exitCode: failure.exitCode,
      message: redactSecrets(failure.message),
    });
    this.#tellFailure(failure);
  }

  /** People hear of a tracker's trouble once, not at each attempt. */
  #handleTracker(fields: Record<string, unknown>): void {
    const { url, ok, message, isOff } = fields as unknown as TrackerAnswer;
    if (ok) this.#complaints.delete(url);
    if (ok || this.#reporter.isJson || this.#complaints.get(url) === message) return;
    this.#complaints.set(url, message);
    const next = isOff ? '' : ' It is tried again.';
    this.#reporter.warn(`Tracker ${url}: ${message.replace(/\.$/, '')}.${next}`);
  }
}

/** The disk's fault, or the metadata's that a magnet named. */
function explainFault(code: string, message: string): CliError {
  const name = STORE_FAULTS.has(code) ? 'StoreError' : 'MetainfoError';
  const known = explainError({ name, code, message })!;
  const { exitCode, sentence } = known;
  return exitCode === ExitCode.diskFull ? new CliError(exitCode, sentence, GO_ON) : known;
}

function progressFields(summary: SwarmSummary): Record<string, unknown> {
  return {
    infoHash: summary.infoHash,
    status: summary.status,
    wantedLength: summary.wantedLength,
    haveLength: summary.haveLength,
    downloaded: summary.downloaded,
    uploaded: summary.uploaded,
    downBytesPerS: Math.round(summary.downBytesPerS),
    upBytesPerS: Math.round(summary.upBytesPerS),
    peerCount: summary.peerCount,
    etaS: summary.etaS === undefined ? undefined : Math.round(summary.etaS),
  };
}

function redactFields(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? redactSecrets(value) : value,
    ]),
  );
}
