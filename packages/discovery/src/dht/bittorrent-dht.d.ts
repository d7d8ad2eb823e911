/** What Shoal uses of npm `bittorrent-dht` 11, which has no types of its own. */
declare module 'bittorrent-dht' {
  export interface DhtNode {
    readonly id: Uint8Array;
    readonly host: string;
    readonly port: number;
  }

  /** The UDP socket it speaks through: as much of `dgram.Socket` as it calls. */
  export interface DhtSocket {
    on(event: string, listener: (...values: never[]) => void): unknown;
    bind(): void;
    address(): { readonly address: string; readonly port: number };
    send(
      bytes: Uint8Array,
      offset: number,
      length: number,
      port: number,
      host: string,
      sent: (error: Error | null) => void,
    ): void;
    close(): void;
  }

  export interface DhtOptions {
    readonly nodeId: Uint8Array;
    readonly bootstrap: readonly string[];
    readonly socket: DhtSocket;
    /** Milliseconds that a peer announced to us is kept. */
    readonly maxAge: number;
    /** Peers announced to us that are kept at most. */
    readonly maxPeers: number;
  }

  class DHT {
    constructor(options: DhtOptions);
    readonly nodes: { toArray(): readonly DhtNode[] };
    on(
      event: 'peer',
      listener: (
        peer: { readonly host: string; readonly port: number },
        infoHash: Uint8Array,
        from: { readonly address?: string } | null,
      ) => void,
    ): this;
    on(
      event: 'announce',
      listener: (
        peer: { readonly host: string; readonly port: number },
        infoHash: Uint8Array,
      ) => void,
    ): this;
    on(event: 'node', listener: () => void): this;
    on(event: 'warning' | 'error', listener: (error: Error) => void): this;
    listen(): void;
    addNode(node: DhtNode | { readonly host: string; readonly port: number }): void;
    lookup(infoHash: Uint8Array, done: (error: Error | null, nodeCount: number) => void): void;
    announce(infoHash: Uint8Array, port: number, done: (error: Error | null) => void): void;
    destroy(done: () => void): void;
  }

  // biome-ignore lint/style/noDefaultExport: it is what the library exports
  export default DHT;
}
