/** Threat 33: strangers do not fill the memory of a node, nor have it send more than they do. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { checkClosed, ManualClock, seededRandom } from '@shoal/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { decodeKrpc } from '../../src/dht/krpc-message.ts';
import { DhtDiscovery } from '../../src/index.ts';

const ID = 'abcdefghij0123456789';
/** More than are stored for others. */
const FLOOD_COUNT = 10_500;

let demandClosed: () => Promise<void>;
let clock: ManualClock;
let node: DhtDiscovery;
let stranger: Socket;
let answers: Buffer[];
let sentLength: number;
let questionCount = 0;

beforeEach(async () => {
  demandClosed = checkClosed();
  clock = new ManualClock();
  const random = seededRandom(1);
  node = new DhtDiscovery({
    ...{ clock, random, host: '127.0.0.1', port: 0, bootstrap: [] },
    // As if they came from thousands of addresses.
    queryLimits: { messageLimit: 10 * FLOOD_COUNT, windowMs: 1_000, blockMs: 1_000 },
  });
  await node.start(1);
  answers = [];
  sentLength = 0;
  stranger = createSocket('udp4');
  stranger.on('message', (bytes) => {
    if (decodeKrpc(bytes).kind === 'response') answers.push(bytes);
  });
});

afterEach(async () => {
  stranger.close();
  await once(stranger, 'close');
  await node.stop();
  await demandClosed();
});

async function send(message: string): Promise<void> {
  const bytes = Buffer.from(message, 'latin1');
  sentLength += bytes.length;
  await new Promise<void>((resolve) =>
    stranger.send(bytes, node.port!, '127.0.0.1', () => resolve()),
  );
}

/** Asks until the answer is not lost to the limit of what is answered. */
async function peersOf(infoHash: string): Promise<Buffer> {
  const transactionId = `q${questionCount++}`;
  const isAnswer = (bytes: Buffer): boolean => bytes.includes(`1:t2:${transactionId}`);
  await expect
    .poll(async () => {
      await clock.advance(10_000);
      await send(
        `d1:ad2:id20:${ID}9:info_hash20:${infoHash}e1:q9:get_peers1:t2:${transactionId}1:y1:qe`,
      );
      return answers.some(isAnswer);
    })
    .toBe(true);
  return answers.find(isAnswer)!;
}

function tokenIn(answer: Buffer): string {
  const text = answer.toString('latin1');
  const [mark, length = ''] = /5:token(\d+):/.exec(text) ?? [''];
  const at = text.indexOf(mark) + mark.length;
  return text.slice(at, at + Number(length));
}

// It takes seconds: `npm run interop -- soak` runs it.
it.runIf(process.env.SHOAL_SOAK === '1')(
  'stores the newest ten thousand peers of others, and answers no faster than it may',
  async () => {
    const infoHashOf = (n: number): string => String(n).padStart(20, '0');
    const token = tokenIn(await peersOf(infoHashOf(0)));
    const startedLength = sentLength;
    answers = [];
    for (let n = 0; n < FLOOD_COUNT; n++) {
      await send(
        `d1:ad2:id20:${ID}9:info_hash20:${infoHashOf(n)}4:porti7000e5:token${token.length}:${token}` +
          'e1:q13:announce_peer1:t2:aa1:y1:qe',
      );
      // It reads in this process: what it has not read yet would be lost in the end.
      await new Promise(setImmediate);
    }
    const answeredLength = answers.reduce((sum, { length }) => sum + length, 0);
    expect(answeredLength).toBeLessThan((sentLength - startedLength) / 10);
    expect((await peersOf(infoHashOf(FLOOD_COUNT - 1))).includes('6:values')).toBe(true);
    expect((await peersOf(infoHashOf(0))).includes('6:values')).toBe(false);
  },
  240_000,
);
