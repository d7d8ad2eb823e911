import type { Socket } from 'node:dgram';
import { channel } from 'node:diagnostics_channel';
import { checkClosed, ManualClock, seededRandom } from '@shoal/testkit';
import { silentLog } from '@shoal/units';
import { expect, test } from 'vitest';
import { encodeUdpRequest } from '../../src/protocol/udp-request.ts';
import { createTrackerServer } from '../../src/server/index.ts';

test('drops a packet from port 0, which nothing can be sent to', async () => {
  const checkAllClosed = checkClosed();
  const sockets: Socket[] = [];
  const keep = (message: unknown): void =>
    void sockets.push((message as { readonly socket: Socket }).socket);
  channel('udp.socket').subscribe(keep);
  const server = await createTrackerServer({
    ...{ udp: { host: '127.0.0.1', port: 0 }, intervalS: 100 },
    ...{ clock: new ManualClock(), random: seededRandom(1), log: silentLog },
  });
  channel('udp.socket').unsubscribe(keep);
  const packet = Buffer.from(encodeUdpRequest({ type: 'connect', transactionId: 1 }));
  const from = { address: '127.0.0.1', family: 'IPv4', port: 0, size: packet.length };
  // Only a raw socket can send one: it is handed over as the system would.
  expect(sockets).toHaveLength(1);
  expect(() => sockets[0]!.emit('message', packet, from)).not.toThrow();
  expect(server.stats().udp).toMatchObject({ connects: 0, drops: 1, receivedLength: 16 });
  await server.close();
  await checkAllClosed();
});
