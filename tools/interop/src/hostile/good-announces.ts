/**
 * Announces one after the other, each on a connection of its own: `node good-announces.ts HOST PORT
 * COUNT`. Prints the p99 and the longest of the waits for an answer, as JSON in milliseconds.
 */
import { once } from 'node:events';
import { connect } from 'node:net';

const [host = '', port = '', count = ''] = process.argv.slice(2);

const request =
  `GET /announce?info_hash=${'%01'.repeat(20)}&peer_id=${'a'.repeat(20)}&port=6881&uploaded=0` +
  '&downloaded=0&left=1 HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n';

async function announce(): Promise<number> {
  const startedAtMs = performance.now();
  const socket = connect(Number(port), host);
  socket.write(request);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  if (!bytes.toString('latin1').startsWith('HTTP/1.1 200 ')) throw new Error('no answer');
  socket.destroy();
  return performance.now() - startedAtMs;
}

const waitsMs: number[] = [];
for (let n = 0; n < Number(count); n++) waitsMs.push(await announce());
waitsMs.sort((a, b) => a - b);
const p99Ms = waitsMs[Math.floor(0.99 * waitsMs.length)];
console.log(JSON.stringify({ p99Ms, longestMs: waitsMs.at(-1) }));
