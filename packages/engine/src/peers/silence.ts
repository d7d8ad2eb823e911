/** What a silent connection is due. Data in, decisions out. */

const KEEP_ALIVE_MS = 100_000;
const SILENCE_MS = 150_000;
/** In the middle of a block a peer may not fall silent for long: nobody else can send that block. */
const STALL_MS = 45_000;

/** How long it has been still. */
export interface Silence {
  /** Since the peer sent something, and since we did. */
  readonly receivedMs: number;
  readonly sentMs: number;
  /** A block of the peer is half here. */
  readonly isInBlock: boolean;
}

/** To close it, to say that we are alive, or nothing. */
export type SilenceAction =
  | { readonly type: 'close'; readonly reason: string }
  | { readonly type: 'keep-alive' }
  | undefined;

export function dueOfSilence({ receivedMs, sentMs, isInBlock }: Silence): SilenceAction {
  if (receivedMs > SILENCE_MS)
    return { type: 'close', reason: `silent for ${Math.round(receivedMs / 1000)} s` };
  if (receivedMs > STALL_MS && isInBlock)
    return { type: 'close', reason: 'stalled in the middle of a block' };
  return sentMs > KEEP_ALIVE_MS ? { type: 'keep-alive' } : undefined;
}
