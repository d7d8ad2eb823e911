/** Passes offers and answers on to the peers they are for, in this process or another. */
import type { PeerId, Random } from '@shoal/units';
import type { WebSocketAnswer, WebSocketOffer } from '../../protocol/websocket-request.ts';
import { encodeWebSocketRelay } from '../../protocol/websocket-response.ts';
import { encodeSignal } from '../signals/encode-signal.ts';
import type { OffersSignal } from '../signals/signal.ts';
import type { SignalCarrier } from '../signals/signal-carrier.ts';
import type { WebSocketPeer } from './websocket-swarm.ts';
import type { WebSocketSwarms } from './websocket-swarms.ts';

/** Offers of other processes that may be answered: some 150 bytes each, for seconds as a rule. */
const MAX_OPEN_OFFER_COUNT = 100_000;

export interface OfferRelayOptions {
  readonly swarms: WebSocketSwarms;
  readonly random: Random;
  /** The way to other processes, if there are any. */
  readonly carrier?: SignalCarrier;
}

export class OfferRelay {
  /** Offers and answers that went to a peer of this process. */
  count = 0;
  readonly #options: OfferRelayOptions;
  /** Where the answer goes: origins by peer and offer, those of the oldest offers first. */
  readonly #openOffers = new Map<string, string>();

  constructor(options: OfferRelayOptions) {
    this.#options = options;
  }

  /** Each offer goes to another peer of the swarm. */
  spread(peer: WebSocketPeer, offers: readonly WebSocketOffer[]): void {
    const { random, carrier } = this.#options;
    const { swarm, peerId, isSeeder } = peer;
    const { infoHash } = swarm;
    const { here, elsewhere } = swarm.pick(peer, offers.length, random);
    for (const [index, other] of here.entries()) this.#offer(other, peerId, offers[index]!);
    let at = here.length;
    for (const [origin, count] of elsewhere) {
      const part = { infoHash, peerId, isSeeder, offers: offers.slice(at, at + count) };
      carrier?.send(encodeSignal(carrier.origin, { type: 'offers', ...part }), origin);
      at += count;
    }
  }

  /** Answers an offer of this process or another; the caller has seen to it whose answer it is. */
  answer(answer: WebSocketAnswer): void {
    const { carrier } = this.#options;
    const key = keyOf(answer.toPeerId, answer.offerId);
    const origin = this.#openOffers.get(key);
    if (origin === undefined) return this.takeAnswer(answer);
    this.#openOffers.delete(key);
    carrier?.send(encodeSignal(carrier.origin, answer), origin);
  }

  /** Offers of a peer that is connected to another process. */
  takeOffers(origin: string, signal: OffersSignal): void {
    const { swarms, random } = this.#options;
    const { infoHash, peerId, isSeeder, offers } = signal;
    const others = swarms.ofInfoHash(infoHash)?.pickHere(isSeeder, offers.length, random) ?? [];
    for (const [index, other] of others.entries()) {
      this.#open(keyOf(peerId, offers[index]!.offerId), origin);
      this.#offer(other, peerId, offers[index]!);
    }
  }

  /** An answer for a peer that is connected here; it is lost when that has gone. */
  takeAnswer({ infoHash, peerId, toPeerId, offerId, sdp }: WebSocketAnswer): void {
    const target = this.#options.swarms.ofInfoHash(infoHash)?.find(toPeerId);
    if (target === undefined) return;
    this.count++;
    target.link.send(encodeWebSocketRelay({ type: 'answer', infoHash, peerId, offerId, sdp }));
  }

  #offer(to: WebSocketPeer, peerId: PeerId, { offerId, sdp }: WebSocketOffer): void {
    const { infoHash } = to.swarm;
    this.count++;
    to.link.send(encodeWebSocketRelay({ type: 'offer', infoHash, peerId, offerId, sdp }));
  }

  #open(key: string, origin: string): void {
    this.#openOffers.set(key, origin);
    if (this.#openOffers.size <= MAX_OPEN_OFFER_COUNT) return;
    const [oldest] = this.#openOffers.keys();
    this.#openOffers.delete(oldest!);
  }
}

/** A stranger may take a peer id, but does not know the names of its offers. */
function keyOf(peerId: PeerId, offerId: string): string {
  return String.fromCharCode(...peerId) + offerId;
}
