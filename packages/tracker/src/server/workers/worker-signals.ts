/** Carries signals to the other processes of one tracker, through the parent. */
import type { Random } from '@shoal/units';
import {
  MAX_WAITING_LENGTH,
  newOrigin,
  type SignalCarrier,
  type SignalListener,
} from '../signals/signal-carrier.ts';
import type { HubMessage, MemberMessage, MessagePort } from './worker-messages.ts';

export class WorkerSignals implements SignalCarrier {
  readonly origin: string;
  readonly #port: MessagePort<MemberMessage, HubMessage>;
  #waitingLength = 0;
  #last: Promise<unknown> = Promise.resolve();
  #end = (): void => {};

  constructor(port: MessagePort<MemberMessage, HubMessage>, random: Random) {
    this.origin = newOrigin(random);
    this.#port = port;
  }

  get isOpen(): boolean {
    return this.#waitingLength < MAX_WAITING_LENGTH;
  }

  send(signal: Uint8Array, to?: string): void {
    if (!this.isOpen) return;
    this.#waitingLength += signal.length;
    const sent = (): void => {
      this.#waitingLength -= signal.length;
    };
    // Without its parent the worker ends.
    this.#last = this.#port
      .post({ type: 'signal', from: this.origin, to, signal })
      .then(sent, sent);
  }

  listen(listener: SignalListener): void {
    this.#end = this.#port.listen((message) => {
      if (message.type === 'signal') listener.handleSignal(message.signal);
      if (message.type === 'signals-lost') listener.handleGap();
    });
    listener.handleGap();
  }

  async close(): Promise<void> {
    this.#end();
    await this.#last;
  }
}
