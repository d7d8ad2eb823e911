/**
 * Load on a UDP tracker (BEP 15): `node load-udp.ts ORDER`. Each source address has a socket and a
 * connection id of its own and keeps at most a fixed number of announces in flight.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readLoadOrder } from './load-order.ts';
import { LoadCounter } from './load-report.ts';
import { type Lane, Pacer } from './pacer.ts';
import {
  fillTurn,
  infoHashesOf,
  peersPerSource,
  SOURCE_COUNT,
  sourceAddress,
  type Turn,
  WANTED_COUNT,
  WORKLOADS,
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

const order = readLoadOrder();
const workload = WORKLOADS[order.workload];
const infoHashes = infoHashesOf(workload);
const seconds = order.seconds === 'full' ? Number.POSITIVE_INFINITY : order.seconds;
let isOver = false;

/** One announce in flight. The kernel may still read a packet after `send`: each has its own. */
class Slot implements Lane {
  readonly packet: Buffer;
  dueAtMs = 0;
  sentAtMs = Number.POSITIVE_INFINITY;
  readonly #send: (slot: Slot) => void;

  /**
   * Announce request: connectionId u64 | action u32 | transactionId u32 | infohash 20 B | peer id 20 B |
   * downloaded u64 | left u64 | uploaded u64 | event u32 | ip u32 | key u32 | numwant i32 | port u16.
   */
  constructor(connectionId: Uint8Array, send: (slot: Slot) => void) {
    this.#send = send;
    this.packet = Buffer.alloc(98);
    this.packet.set(connectionId, 0);
    this.packet.writeUInt32BE(ANNOUNCE, 8);
    this.packet.write('-LG0001-', 36, 'latin1');
    this.packet.writeInt32BE(WANTED_COUNT, 92);
  }

  announce(dueAtMs: number): void {
    this.dueAtMs = dueAtMs;
    this.#send(this);
  }
}

class Source {
  readonly #number: number;
  readonly #socket: Socket;
  readonly #slots: readonly Slot[];
  readonly #turn: Turn = { torrent: 0, port: 0, left: 0 };
  #announced = 0;
  #answered = 0;

  constructor(number: number, socket: Socket, connectionId: Uint8Array) {
    this.#number = number;
    this.#socket = socket;
    this.#slots = Array.from(
      { length: IN_FLIGHT_PER_SOURCE },
      (_, index) => new Slot(connectionId, (slot) => this.#send(slot, index)),
    );
    socket.on('message', (answer) => this.#handleAnswer(answer));
  }

  get isFull(): boolean {
    return this.#answered >= peersPerSource(workload);
  }

  start(): void {
    for (const slot of this.#slots) pacer.free(slot);
  }

  /** Announces again in slots that wait too long: datagrams may be lost. */
  replaceLost(): void {
    const nowMs = performance.now();
    for (const slot of this.#slots) {
      if (nowMs - slot.sentAtMs < LOSS_MS) continue;
      counter.faultCount += 1;
      this.#socket.send(slot.packet);
      slot.sentAtMs = nowMs;
    }
  }

  #send(slot: Slot, index: number): void {
    const { packet } = slot;
    const turn = fillTurn(this.#turn, workload, this.#number, this.#announced);
    this.#announced += 1;
    slot.sentAtMs = performance.now();
    packet.writeUInt32BE(((this.#announced << SLOT_BITS) | index) >>> 0, 12);
    packet.set(infoHashes[turn.torrent] ?? [], 16);
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
    const slot = this.#slots[transactionId & ((1 << SLOT_BITS) - 1)];
    const isAwaited = slot?.packet.readUInt32BE(12) === transactionId;
    if (!slot || !isAwaited || slot.sentAtMs === Number.POSITIVE_INFINITY) return;
    counter.countAnswer(slot.dueAtMs, (answer.length - 20) / 6);
    this.#answered += 1;
    slot.sentAtMs = Number.POSITIVE_INFINITY;
    pacer.free(slot);
  }
}

async function openSource(n: number): Promise<Source> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });
  socket.bind(0, sourceAddress(n));
  await once(socket, 'listening');
  socket.connect(order.port, '127.0.0.1');
  await once(socket, 'connect');
  const request = Buffer.alloc(16);
  request.writeBigUInt64BE(PROTOCOL_ID, 0);
  request.writeUInt32BE(CONNECT, 8);
  socket.send(request);
  const [answer] = (await once(socket, 'message')) as [Buffer];
  return new Source(n, socket, answer.subarray(8, 16));
}

const sources = await Promise.all(Array.from({ length: SOURCE_COUNT }, (_, n) => openSource(n)));
const counter = new LoadCounter();
const pacer = new Pacer(order.ratePerS);
const stopAtMs = performance.now() + seconds * 1000;
for (const source of sources) source.start();
setInterval(() => {
  for (const source of sources) source.replaceLost();
  const isFull = order.seconds === 'full' && sources.every((source) => source.isFull);
  if (!isFull && performance.now() < stopAtMs) return;
  isOver = true;
  console.log(JSON.stringify(counter.report()));
  process.exit(0);
}, 50);
