/** The one message of local service discovery, to and from bytes. Pure. BEP 14. */
import { hexToInfoHash, type InfoHash, idToHex } from '@shoal/units';
import { DiscoveryError } from '../discovery.ts';

/** "We are in these swarms": lengths and ports in plain numbers. */
export interface LsdMessage {
  /** The multicast group it is sent to, as in a `Host` header: `239.192.152.143:6771`. */
  readonly host: string;
  /** Where peers reach the sender, 1..65535. */
  readonly port: number;
  readonly infoHashes: readonly InfoHash[];
  /** By which the sender knows its own messages; undefined when it sent none. */
  readonly cookie: string | undefined;
}

/** Bytes of a message that are safe from fragmentation. BEP 14, "ihash". */
export const MESSAGE_LENGTH_LIMIT = 1400;
/** Infohashes that fit into a message of ours: 52 bytes each, the rest below 140. */
export const INFO_HASHES_PER_MESSAGE = 24;

const START_LINE = 'BT-SEARCH * HTTP/1.1';

/**
 * Shape: the start line, one header a line (`Host`, `Port`, `Infohash` for each swarm, `cookie`),
 * two empty lines; every line ends in CR LF.
 */
export function encodeLsdMessage({ host, port, infoHashes, cookie }: LsdMessage): Uint8Array {
  const lines = [START_LINE, `Host: ${host}`, `Port: ${port}`];
  for (const infoHash of infoHashes) lines.push(`Infohash: ${idToHex(infoHash)}`);
  if (cookie !== undefined) lines.push(`cookie: ${cookie}`);
  return new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n\r\n`);
}

/**
 * Reads one datagram. Header names in any case, in any order; unknown headers are ignored, as are
 * infohashes that are no 40 hex digits while another one is right.
 * @throws DiscoveryError `bad-message`: too long, another start line, no port 1..65535, no infohash
 */
export function decodeLsdMessage(bytes: Uint8Array): LsdMessage {
  if (bytes.length > MESSAGE_LENGTH_LIMIT)
    throw bad(`${bytes.length} bytes, limit ${MESSAGE_LENGTH_LIMIT}`);
  const [startLine, ...lines] = latin1(bytes).split(/\r?\n/);
  if (startLine !== START_LINE) throw bad('the first line is another');
  const infoHashes: InfoHash[] = [];
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 1) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    const infoHash = name === 'infohash' ? hexToInfoHash(value) : undefined;
    if (infoHash !== undefined) infoHashes.push(infoHash);
    else if (!headers.has(name)) headers.set(name, value);
  }
  if (infoHashes.length === 0) throw bad('no infohash');
  const port = readPort(headers.get('port'));
  return { host: headers.get('host') ?? '', port, infoHashes, cookie: headers.get('cookie') };
}

function readPort(text: string | undefined): number {
  const port = text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw bad(`port ${JSON.stringify(text ?? '')}`);
  return port;
}

function bad(reason: string): DiscoveryError {
  return new DiscoveryError('bad-message', `no local announce: ${reason}`);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
