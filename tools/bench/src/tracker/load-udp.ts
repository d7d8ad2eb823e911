/**
 * Load on a UDP tracker (BEP 15): `node load-udp.ts PORT SECONDS|fill`.
 *
 * Each source address has a socket and a connection id of its own and keeps a fixed number of
 * announces in flight; `fill` ends when every peer was announced once.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
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

/** All together fit into a receive buffer of Linux's default size, 208 KiB, as it counts them. */
const IN_FLIGHT_PER_SOURCE = 12;
/** The low bits of a transaction id are the slot; the rest counts, so that late answers are known. */
const SLOT_BITS = 4;
const CONNECT = 0;
const ANNOUNCE = 1;
const PROTOCOL_ID = 0x41727101980n;
/** Silence after which an announce counts as lost. */
const LOSS_MS = 250;

const [port = '', duration = ''] = process.argv.slice(2);
const seconds = duration === 'fill' ? Number.POSITIVE_INFINITY : Number(duration);
const stopAtMs = performance.now() + seconds * 1000;
const counter = new LoadCounter();
let isOver = false;

/**
 * Announce request: connectionId u64 | action u32 | transactionId u32 | infohash 20 B | peer id 20 B |
 * downloaded u64 | left u64 | uploaded u64 | event u32 | ip u32 | key u32 | numwant i32 | port u16.
 */
class Source {
  readonly #socket: Socket;
  readonly #packets: Buffer[];
  readonly #turn: Turn = { torrent: 0, port: 0, left: 0 };
  readonly #sentAtMs = new Float64Array(IN_FLIGHT_PER_SOURCE);
  #announced = 0;

  constructor(socket: Socket, connectionId: Buffer) {
    this.#socket = socket;
    // The kernel may still read a packet after `send`: each one in flight has its own.
    this.#packets = Array.from({ length: IN_FLIGHT_PER_SOURCE }, () => {
      const packet = Buffer.alloc(98);
      connectionId.copy(packet, 0);
      packet.writeUInt32BE(ANNOUNCE, 8);
      packet.write('-LG0001-', 36, 'latin1');
      packet.writeInt32BE(WANTED_COUNT, 92);
      return packet;
    });
    socket.on('message', (answer) => this.#handleAnswer(answer));
  }

  start(): void {
    for (let slot = 0; slot < IN_FLIGHT_PER_SOURCE; slot += 1) this.#announce(slot);
  }

  /** Announces again in slots that wait too long: datagrams may be lost. */
  replaceLost(): void {
    const nowMs = performance.now();
    for (const [slot, sentAtMs] of this.#sentAtMs.entries()) {
      if (nowMs - sentAtMs < LOSS_MS) continue;
      counter.faultCount += 1;
      this.#announce(slot);
    }
  }

  #announce(slot: number): void {
    const packet = this.#packets[slot];
    const turn = fillTurn(this.#turn, this.#announced);
    const infoHash = infoHashes[turn.torrent];
    if (!packet || !infoHash) return;
    this.#announced += 1;
    this.#sentAtMs[slot] = performance.now();
    packet.writeUInt32BE(((this.#announced << SLOT_BITS) | slot) >>> 0, 12);
    packet.set(infoHash, 16);
    packet.writeUInt32BE(turn.port, 44);
    packet.writeUInt32BE(turn.left, 68);
    packet.writeUInt16BE(turn.port, 96);
    this.#socket.send(packet);
  }

  #handleAnswer(answer: Buffer): void {
    if (isOver) return;
    if (answer.length < 20 || answer.readUInt32BE(0) !== ANNOUNCE) {
      counter.faultCount += 1;
      return;
    }
    const transactionId = answer.readUInt32BE(4);
    const slot = transactionId & ((1 << SLOT_BITS) - 1);
    if (this.#packets[slot]?.readUInt32BE(12) !== transactionId) return;
    counter.answerCount += 1;
    counter.peerCount += (answer.length - 20) / 6;
    this.#announce(slot);
  }
}

async function openSource(n: number): Promise<Source> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
  socket.bind(0, sourceAddress(n));
  await once(socket, 'listening');
  socket.connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  const request = Buffer.alloc(16);
  request.writeBigUInt64BE(PROTOCOL_ID, 0);
  request.writeUInt32BE(CONNECT, 8);
  socket.send(request);
  const [answer] = (await once(socket, 'message')) as [Buffer];
  return new Source(socket, answer.subarray(8, 16));
}

const sources = await Promise.all(Array.from({ length: SOURCE_COUNT }, (_, n) => openSource(n)));
for (const source of sources) source.start();
setInterval(() => {
  for (const source of sources) source.replaceLost();
  const isFull = counter.answerCount >= FULL_ROUND && duration === 'fill';
  if (!isFull && performance.now() < stopAtMs) return;
  isOver = true;
  console.log(JSON.stringify(counter.report()));
  process.exit(0);
}, 50);
