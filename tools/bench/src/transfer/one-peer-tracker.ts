/** An HTTP tracker that knows one peer on 127.0.0.1 and tells everybody of it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export class OnePeerTracker {
  readonly url: string;
  peerPort = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/announce`;
    server.on('request', (_request, response) => response.end(this.#answer()));
  }

  static async open(): Promise<OnePeerTracker> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new OnePeerTracker(server);
  }

  #answer(): Uint8Array {
    const peer = Uint8Array.of(127, 0, 0, 1, this.peerPort >> 8, this.peerPort & 255);
    const head = 'd8:completei1e10:incompletei0e8:intervali1800e5:peers6:';
    return Buffer.concat([Buffer.from(head), peer, Buffer.from('e')]);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
