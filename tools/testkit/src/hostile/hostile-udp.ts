/** Mutated datagrams to a UDP tracker. BEP 15, BEP 41. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Random } from '@shoal/units';
import { type HostileLoad, inLanes, PATIENCE_MS, someInfoHash } from './hostile-load.ts';
import { mutate } from './mutate.ts';

/** So many wait in the tracker's receive buffer at most: what overflows it is not read. */
const WINDOW = 64;
const LANE_COUNT = 2;
/** A connect that is not answered by then is sent again. */
const RESEND_MS = 500;

/** Sends them; resolves when the tracker has read them all and still gives out connection ids. */
export async function sendHostileUdp({ port, count, random }: HostileLoad): Promise<void> {
  const windowCount = Math.ceil(count / (LANE_COUNT * WINDOW));
  await inLanes(LANE_COUNT, LANE_COUNT, async () => {
    const socket = createSocket('udp4');
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    for (let window = 0; window < windowCount; window++) {
      const connectionId = await connect(socket, random);
      for (let n = 0; n < WINDOW; n++) socket.send(hostilePacket(connectionId, random));
    }
    await connect(socket, random);
    socket.close();
  });
}

/** Answers come in order: that of this connect says that all before it were read. */
async function connect(socket: Socket, random: Random): Promise<Uint8Array> {
  const packet = Buffer.alloc(16);
  packet.writeBigUInt64BE(0x41727101980n);
  packet.set(random.bytes(4), 12);
  const answered = Promise.withResolvers<Uint8Array>();
  const handle = (answer: Buffer): void => {
    if (answer.length === 16 && answer.subarray(4, 8).equals(packet.subarray(12)))
      answered.resolve(answer.subarray(8, 16));
  };
  socket.on('message', handle);
  const resending = setInterval(() => socket.send(packet), RESEND_MS);
  const giveUp = setTimeout(() => answered.reject(new Error('no connection id')), PATIENCE_MS);
  socket.send(packet);
  try {
    return await answered.promise;
  } finally {
    clearInterval(resending);
    clearTimeout(giveUp);
    socket.off('message', handle);
  }
}

/** Most keep their connection id: without it nothing behind it is read. */
function hostilePacket(connectionId: Uint8Array, random: Random): Uint8Array {
  const action = random.below(3);
  const body = action === 2 ? scrapeBody(random) : announceBody(random);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(action === 0 ? random.below(5) : action);
  const tail = Buffer.concat([head, body]);
  if (random.below(8) === 0) return mutate(Buffer.concat([connectionId, tail]), random);
  return Buffer.concat([connectionId, mutate(tail, random)]);
}

function scrapeBody(random: Random): Uint8Array {
  const count = random.below(80);
  return Buffer.concat(Array.from({ length: count }, () => someInfoHash(random)));
}

function announceBody(random: Random): Uint8Array {
  const body = Buffer.alloc(82);
  body.set(someInfoHash(random));
  body.set(random.bytes(20), 20);
  body[55] = random.below(2);
  body.writeUInt32BE(random.below(5), 64);
  body.writeInt32BE(random.below(300) - 50, 76);
  body.writeUInt16BE(random.below(65_536), 80);
  return random.below(4) === 0 ? Buffer.concat([body, options(random)]) : body;
}

/** BEP 41: option 2 is URL data, whose length may be a lie. */
function options(random: Random): Uint8Array {
  return Uint8Array.from([2, random.below(256), ...random.bytes(random.below(40)), 0]);
}
