/**
 * Load on an HTTP tracker: `node load-http.ts ORDER`. A fixed number of connections with one
 * announce in flight each; without keep-alive each announce takes a connection of its own, as
 * BitTorrent clients do it.
 */
import { connect, type Socket } from 'node:net';
import { readLoadOrder } from './load-order.ts';
import { LoadCounter } from './load-report.ts';
import { type Lane, Pacer } from './pacer.ts';
import {
  fillTurn,
  infoHashesOf,
  SOURCE_COUNT,
  sourceAddress,
  type Turn,
  WANTED_COUNT,
  WORKLOADS,
} from './workload.ts';

const CONNECTIONS_PER_SOURCE = 4;

const order = readLoadOrder();
const workload = WORKLOADS[order.workload];
const isKept = order.kind === 'http-keep-alive';
let isOver = false;

const queries = infoHashesOf(workload).map((hash) =>
  Buffer.from(hash).toString('hex').replaceAll(/../g, '%$&'),
);
const tail =
  ` HTTP/1.1\r\nHost: 127.0.0.1:${order.port}\r\nUser-Agent: load\r\n` +
  `Connection: ${isKept ? 'keep-alive' : 'close'}\r\n\r\n`;

/** The sequence that the connections of one source address share. */
interface Sequence {
  readonly source: number;
  announced: number;
  readonly turn: Turn;
}

class Connection implements Lane {
  readonly #sequence: Sequence;
  #socket: Socket | undefined;
  #received = '';
  #dueAtMs = 0;
  #isAnswered = true;

  constructor(sequence: Sequence) {
    this.#sequence = sequence;
  }

  announce(dueAtMs: number): void {
    const { source, turn } = this.#sequence;
    fillTurn(turn, workload, source, this.#sequence.announced);
    this.#sequence.announced += 1;
    this.#dueAtMs = dueAtMs;
    this.#isAnswered = false;
    this.#received = '';
    this.#socket ??= this.#open(sourceAddress(source));
    this.#socket.write(
      `GET /announce?info_hash=${queries[turn.torrent]}&peer_id=-LG0001-0000000${turn.port}` +
        `&port=${turn.port}&uploaded=0&downloaded=0&left=${turn.left}` +
        `&compact=1&numwant=${WANTED_COUNT}${tail}`,
    );
  }

  #open(localAddress: string): Socket {
    const socket = connect({ port: order.port, host: '127.0.0.1', localAddress, noDelay: true });
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#handleText(text));
    // It ends in 'close', which says whether an answer is missing.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#socket = undefined;
      if (!this.#isAnswered && !isOver) counter.faultCount += 1;
      if (!this.#isAnswered || !isKept) this.#goOn();
    });
    return socket;
  }

  #handleText(text: string): void {
    this.#received += text;
    const bodyAt = this.#received.indexOf('\r\n\r\n') + 4;
    if (bodyAt < 4) return;
    const length = Number(/content-length: *(\d+)/i.exec(this.#received)?.[1] ?? Number.NaN);
    if (this.#received.length - bodyAt < length) return;
    this.#isAnswered = true;
    this.#count(this.#received.slice(bodyAt));
    if (isKept) this.#goOn();
    else this.#socket?.end();
  }

  #goOn(): void {
    if (!isOver) pacer.free(this);
  }

  #count(body: string): void {
    if (isOver) return;
    const peers = /5:peers(\d+):/.exec(body)?.[1];
    if (peers === undefined) counter.faultCount += 1;
    else counter.countAnswer(this.#dueAtMs, Number(peers) / 6);
  }
}

const counter = new LoadCounter();
const pacer = new Pacer(order.ratePerS);
for (let source = 0; source < SOURCE_COUNT; source += 1) {
  const sequence = { source, announced: 0, turn: { torrent: 0, port: 0, left: 0 } };
  for (let n = 0; n < CONNECTIONS_PER_SOURCE; n += 1) pacer.free(new Connection(sequence));
}
setTimeout(() => {
  isOver = true;
  console.log(JSON.stringify(counter.report()));
  process.exit(0);
}, Number(order.seconds) * 1000);
