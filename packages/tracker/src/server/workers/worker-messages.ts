/** What a parent and its workers say to each other about swarms, by structured clone. */

/** From the parent. */
export type HubMessage =
  /** Another process heard something. `sharedMs` is the parent's time. */
  | { readonly type: 'batch'; readonly batch: Uint8Array; readonly sharedMs: number }
  /** All that was known when the worker joined has been said. */
  | { readonly type: 'caught-up'; readonly sharedMs: number }
  /** Another process says something of its WebSocket peers. */
  | { readonly type: 'signal'; readonly signal: Uint8Array }
  /** Too much waited for the worker: signals were lost. */
  | { readonly type: 'signals-lost' };

/** From a worker. */
export type MemberMessage =
  /** From here on it wants everything, and all that is known so far. */
  | { readonly type: 'join' }
  | { readonly type: 'batch'; readonly batch: Uint8Array }
  /** For one process, or for all others. */
  | {
      readonly type: 'signal';
      readonly from: string;
      readonly to: string | undefined;
      readonly signal: Uint8Array;
    };

/** One end of a channel between two processes. */
export interface MessagePort<Out, In> {
  /** @returns a promise that rejects when the other side is gone */
  post(message: Out): Promise<void>;
  /** @returns how to end that */
  listen(listener: (message: In) => void): () => void;
}
