/** Sends mutated requests to a tracker on this host: `node send.ts http|udp|ws PORT COUNT SEED`. */
import { seededRandom } from '@shoal/testkit';
import { sendHostileHttp, sendHostileUdp, sendHostileWebSocket } from '@shoal/testkit/hostile';

const SENDERS = { http: sendHostileHttp, udp: sendHostileUdp, ws: sendHostileWebSocket } as const;

const [via = '', port, count, seed] = process.argv.slice(2);
const send = SENDERS[via as keyof typeof SENDERS];
await send({ port: Number(port), count: Number(count), random: seededRandom(Number(seed)) });
