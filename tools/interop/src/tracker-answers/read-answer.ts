/** A tracker's answer in a form in which two of them can be compared. */
import { type BencodeDict, decode } from '@shoal/bencode';
import type { Question, RawAnswer } from './question.ts';

export interface Answer {
  readonly status: number | undefined;
  /** Keys of the dict, in the order of the bytes; none over UDP. */
  readonly keys: readonly string[];
  /** Everything that is a number, and the counts of a scrape by infohash. */
  readonly counts: Readonly<Record<string, number>>;
  /** Ports, sorted. */
  readonly peers: readonly number[];
  readonly failure: string | undefined;
}

const NOTHING = { status: undefined, keys: [], counts: {}, peers: [], failure: undefined };

export function readAnswer(question: Question, { status, hex }: RawAnswer): Answer {
  const bytes = Buffer.from(hex, 'hex');
  if (question.via === 'udp') return { ...NOTHING, ...readPacket(question, bytes) };
  if (bytes[0] !== 'd'.charCodeAt(0)) return { ...NOTHING, status };
  const dict = decode(bytes) as BencodeDict;
  const failure = dict.get('failure reason');
  return {
    status,
    keys: [...dict.keys()],
    counts: { ...numbersOf(dict, ''), ...countsOfFiles(dict) },
    peers: portsOf(dict.get('peers')),
    failure: failure === undefined ? undefined : Buffer.from(failure as Uint8Array).toString(),
  };
}

/** Answers over UDP have the counts alone; the names are those of HTTP. BEP 15. */
function readPacket(question: Question, packet: Buffer): Partial<Answer> {
  const action = packet.readUInt32BE(0);
  if (action === 3) return { failure: packet.toString('utf8', 8) };
  if (question.type !== 'scrape') {
    const [interval = 0, incomplete = 0, complete = 0] = [8, 12, 16].map((at) =>
      packet.readUInt32BE(at),
    );
    return { counts: { complete, incomplete, interval }, peers: portsOf(packet.subarray(20)) };
  }
  const counts: Record<string, number> = {};
  for (const [index, infoHash] of question.infoHashes.entries()) {
    for (const [word, name] of ['complete', 'downloaded', 'incomplete'].entries()) {
      counts[`${infoHash} ${name}`] = packet.readUInt32BE(8 + 12 * index + 4 * word);
    }
  }
  return { counts };
}

function numbersOf(dict: BencodeDict, prefix: string): Record<string, number> {
  const numbers = [...dict].filter(([, value]) => typeof value === 'number');
  return Object.fromEntries(numbers.map(([key, value]) => [prefix + key, Number(value)]));
}

function countsOfFiles(dict: BencodeDict): Record<string, number> {
  const files = (dict.get('files') ?? new Map()) as BencodeDict;
  return Object.assign(
    {},
    ...[...files].map(([infoHash, counts]) => {
      const hex = Buffer.from(infoHash, 'latin1').toString('hex');
      return numbersOf(counts as BencodeDict, `${hex} `);
    }),
  ) as Record<string, number>;
}

/** Of a compact list or a list of dicts. */
function portsOf(peers: unknown): number[] {
  const ports: number[] = [];
  if (peers instanceof Uint8Array) {
    for (let at = 4; at + 2 <= peers.length; at += 6) {
      ports.push(((peers[at] ?? 0) << 8) | (peers[at + 1] ?? 0));
    }
  } else if (Array.isArray(peers)) {
    for (const peer of peers as BencodeDict[]) ports.push(Number(peer.get('port')));
  }
  return ports.toSorted((a, b) => a - b);
}
