/**
 * Asks a tracker one question after the other and prints the answers as one line of JSON:
 * `node ask.ts QUESTIONNAIRE`. The bytes are written here by hand, not by our own codec.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { get } from 'node:http';
import type { Question, Questionnaire, RawAnswer } from './question.ts';

const PROTOCOL_ID = 0x41727101980n;
const EVENT_CODES = { completed: 1, started: 2, stopped: 3 } as const;
const PATIENCE_MS = 5_000;

const { host, port, infoHash, questions } = JSON.parse(process.argv[2] ?? '') as Questionnaire;

function escaped(hex: string): string {
  return hex.replaceAll(/../g, '%$&');
}

function targetOf(question: Question): string {
  if (question.type === 'raw') return question.target;
  if (question.type === 'scrape') {
    return `/scrape?${question.infoHashes.map((hash) => `info_hash=${escaped(hash)}`).join('&')}`;
  }
  const { port: peerPort, left, event, numWant = 50, more = 'compact=1' } = question;
  const peerId = `-XX0001-${String(peerPort).padStart(12, '0')}`;
  return (
    `/announce?info_hash=${escaped(infoHash)}&peer_id=${peerId}&port=${peerPort}&uploaded=0` +
    `&downloaded=0&left=${left}&numwant=${numWant}${event ? `&event=${event}` : ''}&${more}`
  );
}

function askHttp(question: Question): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const path = targetOf(question);
    get({ host, port, path, agent: false, timeout: PATIENCE_MS }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        const hex = Buffer.concat(parts).toString('hex');
        resolve({ status: response.statusCode ?? 0, hex });
      });
    }).on('error', reject);
  });
}

const socket = createSocket('udp4');
socket.connect(port, host);
await once(socket, 'connect');

async function exchange(packet: Buffer): Promise<Buffer> {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answered = once(socket, 'message', { signal });
  socket.send(packet);
  const [answer] = (await answered) as [Buffer];
  return answer;
}

/** Protocol id u64 | action u32 = 0 | transaction id u32. */
async function connect(): Promise<Buffer> {
  const packet = Buffer.alloc(16);
  packet.writeBigUInt64BE(PROTOCOL_ID);
  return (await exchange(packet)).subarray(8, 16);
}

async function askUdp(connectionId: Buffer, question: Question): Promise<RawAnswer> {
  const packet = question.type === 'scrape' ? scrapeOf(question.infoHashes) : announceOf(question);
  connectionId.copy(packet);
  return { hex: (await exchange(packet)).toString('hex') };
}

function scrapeOf(infoHashes: readonly string[]): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32BE(2, 8);
  return Buffer.concat([header, Buffer.from(infoHashes.join(''), 'hex')]);
}

function announceOf(question: Question): Buffer {
  if (question.type !== 'announce') throw new TypeError(`${question.type} over UDP`);
  const packet = Buffer.alloc(98);
  packet.writeUInt32BE(1, 8);
  packet.write(infoHash, 16, 'hex');
  packet.write('-XX0001-', 36, 'latin1');
  packet.writeBigUInt64BE(BigInt(question.left), 64);
  packet.writeUInt32BE(question.event ? EVENT_CODES[question.event] : 0, 80);
  packet.writeInt32BE(question.numWant ?? 50, 92);
  packet.writeUInt16BE(question.port, 96);
  return packet;
}

const connectionId = await connect();
const answers: RawAnswer[] = [];
for (const question of questions) {
  answers.push(
    await (question.via === 'http' ? askHttp(question) : askUdp(connectionId, question)),
  );
}
socket.close();
console.log(JSON.stringify(answers));
