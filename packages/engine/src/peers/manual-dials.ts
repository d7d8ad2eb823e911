/** Connections that a person waits for. */
import { formatPeerAddress, type PeerAddress } from '@shoal/units';
import type { Handshake } from '@shoal/wire';
import { EngineError } from '../engine-error.ts';
import type { TorrentParts } from '../torrent-parts.ts';
import type { Refusal } from './admission.ts';
import type { EncryptionPolicy } from './encryption.ts';
import { exchangeHandshakes } from './handshake-exchange.ts';
import type { PeerConnection } from './peer-connection.ts';

const PING_TIMEOUT_MS = 5_000;

const REFUSALS: Readonly<Record<Refusal, string>> = {
  banned: 'it is banned',
  self: 'it is this peer itself',
  'here already': 'it is connected already, at another address',
  'too many': 'there are as many connections as there may be',
  'broke the protocol': 'peers at its IP address broke the protocol just now',
  'not running': 'the torrent does not run',
  'too many from one address': 'there are as many connections with its IP address as there may be',
};

/** Those who wait for one address. */
interface Wait {
  readonly address: PeerAddress;
  readonly waiters: Waiter[];
}

interface Waiter {
  resolve(peer: PeerConnection): void;
  reject(error: EngineError): void;
}

/** Who waits for a connection to an address. */
export class ManualDials {
  /** By the address's name. */
  readonly #waits = new Map<string, Wait>();

  /** @throws (rejects) EngineError `connect-failed`, `peer-banned`, `peer-refused` */
  wait(address: PeerAddress): Promise<PeerConnection> {
    const { promise, resolve, reject } = Promise.withResolvers<PeerConnection>();
    const name = formatPeerAddress(address);
    const wait = this.#waits.get(name) ?? { address, waiters: [] };
    this.#waits.set(name, wait);
    wait.waiters.push({ resolve, reject });
    return promise;
  }

  handleJoined(peer: PeerConnection): void {
    for (const waiter of this.#take(peer.address)) waiter.resolve(peer);
  }

  handleFailed(address: PeerAddress, reason: string): void {
    for (const waiter of this.#take(address)) waiter.reject(connectFailed(address, reason));
  }

  handleRefused(address: PeerAddress, refusal: Refusal): void {
    for (const waiter of this.#take(address)) waiter.reject(refused(address, refusal));
  }

  /** The torrent stops: nobody waits any longer. */
  close(): void {
    for (const { address } of [...this.#waits.values()]) this.handleRefused(address, 'not running');
  }

  #take(address: PeerAddress): readonly Waiter[] {
    const name = formatPeerAddress(address);
    const wait = this.#waits.get(name);
    this.#waits.delete(name);
    return wait?.waiters ?? [];
  }
}

/**
 * Connects, shakes hands as the encryption policy says, hangs up.
 * @throws EngineError `connect-failed`
 */
export async function tryHandshake(
  address: PeerAddress,
  ours: Handshake,
  parts: TorrentParts,
): Promise<void> {
  let failure = await shakeHands(address, ours, parts, parts.encryption);
  // It listens, but it may not know encryption: once more in the clear.
  if (failure !== undefined && parts.encryption === 'prefer')
    failure = await shakeHands(address, ours, parts, 'off');
  if (failure !== undefined) throw connectFailed(address, failure);
}

/** @returns why the handshake failed, if it did. @throws EngineError `connect-failed` when nobody listens */
async function shakeHands(
  address: PeerAddress,
  ours: Handshake,
  { network, clock, random }: TorrentParts,
  encryption: EncryptionPolicy,
): Promise<string | undefined> {
  const transport = await network
    .dial(address, { timeoutMs: PING_TIMEOUT_MS })
    .catch((error: unknown) => {
      throw connectFailed(address, error instanceof Error ? error.message : String(error));
    });
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  exchangeHandshakes({
    transport,
    clock,
    random,
    ours,
    encryption,
    done: () => {
      transport.close();
      resolve(undefined);
    },
    failed: resolve,
  });
  return promise;
}

/** What a person is told whose peer is not taken in. */
export function refused(address: PeerAddress, refusal: Refusal): EngineError {
  const code = refusal === 'banned' ? 'peer-banned' : 'peer-refused';
  return new EngineError(code, sentence(address, REFUSALS[refusal]));
}

function connectFailed(address: PeerAddress, reason: string): EngineError {
  return new EngineError('connect-failed', sentence(address, reason));
}

function sentence(address: PeerAddress, reason: string): string {
  return `cannot connect to Peer[${formatPeerAddress(address)}]: ${reason}`;
}
