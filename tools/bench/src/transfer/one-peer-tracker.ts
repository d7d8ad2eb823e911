/** An HTTP tracker that knows one peer on 127.0.0.1 and tells everybody of it. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export class OnePeerTracker {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/announce`;
  }

  static async open(peerPort: number): Promise<OnePeerTracker> {
    const peer = Uint8Array.of(127, 0, 0, 1, peerPort >> 8, peerPort & 255);
    const head = 'd8:completei1e10:incompletei0e8:intervali1800e5:peers6:';
    const answer = Buffer.concat([Buffer.from(head), peer, Buffer.from('e')]);
    const server = createServer((_request, response) => response.end(answer));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new OnePeerTracker(server);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
