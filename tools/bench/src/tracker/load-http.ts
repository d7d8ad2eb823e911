/**
 * Load on an HTTP tracker: `node load-http.ts PORT SECONDS|fill keep-alive|close`.
 *
 * A fixed number of connections with one announce in flight each; with `close`, each announce
 * takes a connection of its own, as BitTorrent clients do it.
 */
import { connect, type Socket } from 'node:net';
import { LoadCounter } from './load-report.ts';
import {
  FULL_ROUND,
  fillTurn,
  infoHashes,
  SOURCE_COUNT,
  sourceAddress,
  type Turn,
  WANTED_COUNT,
} from './workload.ts';

const CONNECTIONS_PER_SOURCE = 4;

const [port = '', duration = '', mode = ''] = process.argv.slice(2);
const seconds = duration === 'fill' ? Number.POSITIVE_INFINITY : Number(duration);
const stopAtMs = performance.now() + seconds * 1000;
const counter = new LoadCounter();
let isOver = false;

const queries = infoHashes.map(percent);
const tail =
  ` HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: load\r\n` +
  `Connection: ${mode === 'close' ? 'close' : 'keep-alive'}\r\n\r\n`;

function percent(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').replaceAll(/../g, '%$&');
}

/** The sequence that the connections of one source address share. */
interface Sequence {
  announced: number;
  readonly turn: Turn;
}

class Connection {
  readonly #sequence: Sequence;
  readonly #address: string;
  #socket: Socket | undefined;
  #received = '';

  constructor(sequence: Sequence, address: string) {
    this.#sequence = sequence;
    this.#address = address;
  }

  announce(): void {
    if (isOver) return;
    const turn = fillTurn(this.#sequence.turn, this.#sequence.announced);
    this.#sequence.announced += 1;
    this.#received = '';
    this.#socket ??= this.#open();
    this.#socket.write(
      `GET /announce?info_hash=${queries[turn.torrent]}&peer_id=-LG0001-0000000${turn.port}` +
        `&port=${turn.port}&uploaded=0&downloaded=0&left=${turn.left}` +
        `&compact=1&numwant=${WANTED_COUNT}${tail}`,
    );
  }

  #open(): Socket {
    const socket = connect({
      port: Number(port),
      host: '127.0.0.1',
      localAddress: this.#address,
      noDelay: true,
    });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#handleText(text));
    socket.on('error', () => {
      counter.faultCount += 1;
    });
    socket.on('close', () => {
      this.#socket = undefined;
      this.announce();
    });
    return socket;
  }

  #handleText(text: string): void {
    this.#received += text;
    const bodyAt = this.#received.indexOf('\r\n\r\n') + 4;
    if (bodyAt < 4) return;
    const length = Number(/content-length: *(\d+)/i.exec(this.#received)?.[1] ?? Number.NaN);
    if (this.#received.length - bodyAt < length) return;
    this.#count(this.#received.slice(bodyAt));
    if (mode !== 'close') this.announce();
    else this.#socket?.end();
  }

  #count(body: string): void {
    const peers = /5:peers(\d+):/.exec(body)?.[1];
    if (peers === undefined || isOver) {
      counter.faultCount += isOver ? 0 : 1;
      return;
    }
    counter.answerCount += 1;
    counter.peerCount += Number(peers) / 6;
  }
}

for (let source = 0; source < SOURCE_COUNT; source += 1) {
  const sequence: Sequence = { announced: 0, turn: { torrent: 0, port: 0, left: 0 } };
  for (let n = 0; n < CONNECTIONS_PER_SOURCE; n += 1) {
    new Connection(sequence, sourceAddress(source)).announce();
  }
}
setInterval(() => {
  const isFull = counter.answerCount >= FULL_ROUND && duration === 'fill';
  if (!isFull && performance.now() < stopAtMs) return;
  isOver = true;
  console.log(JSON.stringify(counter.report()));
  process.exit(0);
}, 50);
