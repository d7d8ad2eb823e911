import net from 'node:net';
import { expect, test } from 'vitest';
import { checkClosed } from '../src/index.ts';

test('is content when all that was opened is closed', async () => {
  const check = checkClosed();
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.close();
  await check();
});

test('names what is still open', async () => {
  const check = checkClosed(50);
  const server = net.createServer();
  const timers = Array.from({ length: 9 }, () => setTimeout(() => {}, 60_000));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await expect(check()).rejects.toThrow(/left open: .*1 TCPServerWrap/i);
  await expect(check()).rejects.toThrow(/left open: .*\d Timeout/);
  for (const timer of timers) clearTimeout(timer);
  server.close();
  await check();
});
