/** Passes signals on between the processes of one tracker: the parent and its workers. */
import type { Random } from '@shoal/units';
import { encodeSignal } from '../signals/encode-signal.ts';
import {
  MAX_WAITING_LENGTH,
  newOrigin,
  type SignalCarrier,
  type SignalListener,
} from '../signals/signal-carrier.ts';
import type { HubMessage, MemberMessage, MessagePort } from './worker-messages.ts';

interface Outlet {
  /** Known once it has said something. */
  origin: string | undefined;
  deliver(signal: Uint8Array): void;
}

export class SignalHub {
  readonly #outlets = new Set<Outlet>();

  /** The way of the parent itself. */
  carrier(random: Random): SignalCarrier {
    const origin = newOrigin(random);
    let listener: SignalListener | undefined;
    const outlet: Outlet = { origin, deliver: (signal) => listener?.handleSignal(signal) };
    this.#outlets.add(outlet);
    return {
      origin,
      isOpen: true,
      send: (signal, to) => this.#pass(signal, to, outlet),
      listen: (other) => {
        listener = other;
        other.handleGap();
      },
      close: () => {
        this.#outlets.delete(outlet);
        return Promise.resolve();
      },
    };
  }

  /** Lets a worker take part. @returns how to end that: the others hear that it has left */
  attach(port: MessagePort<HubMessage, MemberMessage>): () => void {
    const outlet: Outlet = { origin: undefined, deliver: deliverTo(port) };
    this.#outlets.add(outlet);
    const end = port.listen((message) => {
      if (message.type !== 'signal') return;
      outlet.origin = message.from;
      this.#pass(message.signal, message.to, outlet);
    });
    return () => {
      end();
      this.#outlets.delete(outlet);
      if (outlet.origin !== undefined)
        this.#pass(encodeSignal(outlet.origin, { type: 'leaving' }), undefined, outlet);
    };
  }

  #pass(signal: Uint8Array, to: string | undefined, from: Outlet): void {
    for (const outlet of this.#outlets)
      if (outlet !== from && (to === undefined || outlet.origin === to)) outlet.deliver(signal);
  }
}

/** Holds what waits for a worker in a limit; when some was lost it is told so. */
function deliverTo(port: MessagePort<HubMessage, MemberMessage>): (signal: Uint8Array) => void {
  let waitingLength = 0;
  let hasLost = false;
  return (signal) => {
    if (waitingLength >= MAX_WAITING_LENGTH) {
      hasLost = true;
      return;
    }
    waitingLength += signal.length;
    const sent = (): void => {
      waitingLength -= signal.length;
      if (!hasLost || waitingLength > 0) return;
      hasLost = false;
      port.post({ type: 'signals-lost' }).catch(ignore);
    };
    // A worker that is gone needs nothing; whoever watches it finds out.
    port.post({ type: 'signal', signal }).then(sent, sent);
  };
}

function ignore(): void {}
