/** What a handshake says after each read. */
import type { InfoHash, Random } from '@shoal/units';
import { MAX_PAD_LENGTH } from './mse-input.ts';
import type { MseMethod } from './mse-method.ts';
import type { Rc4 } from './rc4.ts';

/** Eight zero bytes that prove that both sides have the same keys. */
export const VERIFICATION = new Uint8Array(8);

/** Bytes of a field `crypto_provide` or `crypto_select`. */
export const METHOD_LENGTH = 4;

/** Bytes of a field `len(…)`. */
export const LENGTH_LENGTH = 2;

export const NO_BYTES: Uint8Array = new Uint8Array(0);

/** Both sides know each other's keys; the stream goes on by `method`. */
export interface MseResult {
  readonly infoHash: InfoHash;
  readonly method: MseMethod;
  /** For what we send from here on; undefined for `plaintext`. */
  readonly encrypt: Rc4 | undefined;
  /** For what comes from here on; undefined for `plaintext`. */
  readonly decrypt: Rc4 | undefined;
  /** What the initiator sent with its offer, readable; empty for the initiator itself. */
  readonly initialPayload: Uint8Array;
  /** What came behind the handshake, readable. */
  readonly rest: Uint8Array;
}

export interface MseStep {
  /** Send this; it may be empty. */
  readonly send: Uint8Array;
  /** Set once, in the last step. */
  readonly done: MseResult | undefined;
}

/** What both sides may know of a handshake that is over. */
export interface MseOutcome {
  readonly infoHash: InfoHash;
  readonly method: MseMethod;
  readonly encrypt: Rc4;
  readonly decrypt: Rc4;
  readonly initialPayload: Uint8Array;
  /** What came behind the handshake, as it came. */
  readonly rest: Uint8Array;
}

/** With `plaintext` the ciphers end with the handshake. */
export function mseResult(outcome: MseOutcome): MseResult {
  if (outcome.method === 'rc4') return { ...outcome, rest: outcome.decrypt.applied(outcome.rest) };
  return { ...outcome, encrypt: undefined, decrypt: undefined };
}

/**
 * Goes on from state to state.
 * @param step - the next state, or undefined when more bytes are needed
 * @returns the state that needs more bytes, or `over`
 */
export function advance<State extends { readonly name: string }>(
  from: State,
  step: (state: Exclude<State, { readonly name: 'over' }>) => State | undefined,
): State {
  let state = from;
  while (state.name !== 'over') {
    const next = step(state as Exclude<State, { readonly name: 'over' }>);
    if (next === undefined) break;
    state = next;
  }
  return state;
}

/** 0..512 random bytes: hides where the key ends. */
export function randomPad(random: Random): Uint8Array {
  return random.bytes(random.below(MAX_PAD_LENGTH + 1));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
