import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { DelayRelay } from '../src/transfer/delay-relay.ts';

test('what is sent comes back whole, a round trip later', async () => {
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  const relay = await DelayRelay.open((echo.address() as AddressInfo).port, 40);
  const socket = connect(relay.port, '127.0.0.1');
  const sent = Buffer.from(Array.from({ length: 200_000 }, (_, at) => at % 251));
  const startedAtMs = performance.now();
  socket.write(sent);
  const received: Buffer[] = [];
  let length = 0;
  for await (const bytes of socket) {
    received.push(bytes as Buffer);
    length += (bytes as Buffer).length;
    if (length === sent.length) break;
  }
  expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(40);
  expect(Buffer.concat(received).equals(sent)).toBe(true);
  await relay.close();
  echo.close();
});
