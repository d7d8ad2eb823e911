/** Both sides of an encrypted handshake, with the keys of the recorded one unless told otherwise. */
import { type InfoHash, type Random, toInfoHash } from '@shoal/units';
import {
  MseInitiator,
  type MseMethod,
  MseResponder,
  type MseResult,
  type MseStep,
  mseTorrentHash,
} from '../../src/index.ts';
import { fromHex, readVectors, toHex } from '../vectors.ts';
import { fixedKey } from './seeded-random.ts';

export const vector = readVectors<{
  readonly private_a: string;
  readonly private_b: string;
  readonly skey: string;
  readonly public_a: string;
  readonly public_b: string;
  readonly message3_no_padding: string;
  readonly message4_no_padding_then_protocol_string: string;
  readonly must_reject_public_keys: readonly string[];
  readonly must_accept_public_keys: readonly string[];
}>('mse_own');

export const infoHash = toInfoHash(fromHex(vector.skey))!;
export const protocolName = new TextEncoder().encode('\x13BitTorrent protocol');
export const nothing = new Uint8Array(0);

export interface Setup {
  readonly random?: Random;
  readonly provide?: readonly MseMethod[];
  readonly accept?: readonly MseMethod[];
  readonly initialPayload?: Uint8Array;
  readonly known?: readonly InfoHash[];
}

export function initiator(setup: Setup = {}): MseInitiator {
  return new MseInitiator({
    infoHash,
    random: setup.random ?? fixedKey(fromHex(vector.private_a)),
    provide: setup.provide ?? ['rc4', 'plaintext'],
    initialPayload: setup.initialPayload ?? nothing,
  });
}

export function responder(setup: Setup = {}): MseResponder {
  const known = new Map((setup.known ?? [infoHash]).map((id) => [toHex(mseTorrentHash(id)), id]));
  return new MseResponder({
    random: setup.random ?? fixedKey(fromHex(vector.private_b)),
    accept: setup.accept ?? ['rc4', 'plaintext'],
    findInfoHash: (torrentHash) => known.get(toHex(torrentHash)),
  });
}

type Side = { receive(bytes: Uint8Array, length: number): MseStep };

/** Feeds `bytes` in parts of the lengths given, over and over. @returns all that the side says */
export function feed(side: Side, bytes: Uint8Array, lengths: readonly number[] = [bytes.length]) {
  const sent: number[] = [];
  let done: MseResult | undefined;
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const part = bytes.slice(at, at + Math.max(1, lengths[turn % lengths.length]!));
    const step = side.receive(part, part.length);
    sent.push(...step.send);
    done = step.done ?? done;
    at += part.length;
  }
  return { send: Uint8Array.from(sent), done };
}
