/** Many torrents with hostile, wide and right-to-left names, and many peers with hostile names. */
import { mkdir, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Metainfo, parseMetainfo } from '@shoal/metainfo';
import { HOSTILE_MARK, HOSTILE_TEXTS } from './hostile.ts';

const NAMES: readonly string[] = [
  ...Object.values(HOSTILE_TEXTS).filter((text) => text.isWellFormed() && !text.includes('\0')),
  '礁と海の幸の写真集・第二巻（高解像度）',
  'שונית אלמוגים בים סוף',
  'الشعاب المرجانية في البحر الأحمر',
  '👩‍👩‍👧‍👦🇯🇵🦑 réef e\u0301tude',
  'คู่มือแนวปะการัง',
  'a'.repeat(200),
];

/** Text number n: the same kinds again and again. */
function nameOf(n: number): string {
  return `${HOSTILE_MARK}${n} ${NAMES[n % NAMES.length]}`;
}

/** Writes `N.torrent` files into the folder. @returns what they say */
export async function writeTorrents(folder: string, count: number): Promise<Metainfo[]> {
  await mkdir(folder, { recursive: true });
  const torrents: Metainfo[] = [];
  for (let n = 0; n < count; n++) {
    const length = 1_000_000 + n;
    const pieces = Buffer.alloc(20 * Math.ceil(length / 16_384)).toString('latin1');
    const info = `d6:lengthi${length}e4:name${text(nameOf(n))}12:piece lengthi16384e6:pieces${text(pieces)}e`;
    const bytes = Buffer.from(`d7:comment${text(nameOf(n))}4:info${info}e`);
    await writeFile(join(folder, `${String(n).padStart(3, '0')}.torrent`), bytes);
    torrents.push(parseMetainfo(bytes));
  }
  return torrents;
}

/** Peers that dial in, say who they are, and stay. @returns hangs all of them up */
export function dialIn(port: number, { info }: Metainfo, count: number): () => void {
  const sockets: Socket[] = [];
  for (let n = 0; n < count; n++) {
    const socket = connect(port, '127.0.0.1');
    // Past its limit a program hangs up.
    socket.on('error', () => socket.destroy());
    socket.write(handshake(info.infoHash, `-\x1b[2J--${String(n).padStart(13, '0')}`));
    socket.write(extendedHandshake(nameOf(n)));
    socket.resume();
    sockets.push(socket);
  }
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

/** Bencode. */
function text(value: string): string {
  return `${Buffer.byteLength(value)}:${value}`;
}

/** BEP 3, with the bit of BEP 10. */
function handshake(infoHash: Uint8Array, peerId: string): Buffer {
  const reserved = Buffer.from([0, 0, 0, 0, 0, 0x10, 0, 0]);
  const head = Buffer.from('\x13BitTorrent protocol');
  return Buffer.concat([head, reserved, infoHash, Buffer.from(peerId)]);
}

function extendedHandshake(client: string): Buffer {
  const body = Buffer.from(`d1:mde1:v${text(client)}e`);
  const message = Buffer.alloc(6 + body.length);
  message.writeUInt32BE(2 + body.length);
  message[4] = 20;
  message.set(body, 6);
  return message;
}
