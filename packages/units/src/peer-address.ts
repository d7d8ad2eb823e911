/** Host and port of a peer, and their compact form: 6 bytes for IPv4, 18 for IPv6. BEP 23, BEP 7. */

/**
 * Where a peer listens. `host` is an IP address in its one canonical text form, one of an IPv6 link
 * with the zone behind it where that is known (`fe80::1%eth0`): none is reached without. Port 1..65535.
 */
export interface PeerAddress {
  readonly host: string;
  readonly port: number;
  readonly family: 4 | 6;
}

/** Names of interfaces, or their numbers; nothing that a terminal or a URL takes for something else. RFC 6874. */
const ZONE = /%[\w.~-]{1,32}$/;

/**
 * Reads the text of an IP address.
 * @returns 4 or 16 bytes (IPv4-mapped IPv6 gives its 4, a zone is left out), undefined when it is no IP address
 */
export function parseIp(text: string): Uint8Array | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  const bytes = bare.includes(':') ? parseIpv6(bare.replace(ZONE, '')) : parseIpv4(bare);
  if (bytes?.length === 16 && isMapped(bytes)) return bytes.slice(12);
  return bytes;
}

/** The address of 4 or 16 IP bytes and a port. IPv4-mapped IPv6 becomes IPv4. */
export function peerAddressFromBytes(ip: Uint8Array, port: number): PeerAddress {
  if (ip.length === 4) return { host: ip.join('.'), port, family: 4 };
  if (isMapped(ip)) return { host: ip.subarray(12).join('.'), port, family: 4 };
  return { host: formatIpv6(ip), port, family: 6 };
}

/**
 * Reads `IP:PORT` or `[v6]:PORT`; with `defaultPort` the port may be left out. The zone of a link is kept.
 * @returns undefined for names, ports outside 1..65535 and anything else
 */
export function parsePeerAddress(text: string, defaultPort?: number): PeerAddress | undefined {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text);
  const plain = bracketed ?? /^([^:]+)(?::(\d{1,5}))?$/.exec(text);
  const [host, portText] = plain ? [plain[1]!, plain[2]] : [text, undefined];
  const ip = parseIp(host);
  const port = portText === undefined ? defaultPort : Number(portText);
  if (ip === undefined || port === undefined || port < 1 || port > 65_535) return undefined;
  const address = peerAddressFromBytes(ip, port);
  const zone = isOfLink(ip) ? ZONE.exec(host)?.[0] : undefined;
  return zone === undefined ? address : { ...address, host: address.host + zone };
}

/** `1.2.3.4:6881` or `[2001:db8::1]:6881`: for people and as a map key. */
export function formatPeerAddress(address: PeerAddress): string {
  return address.family === 6
    ? `[${address.host}]:${address.port}`
    : `${address.host}:${address.port}`;
}

/** Whether the address is this machine's loopback (127.0.0.0/8 or ::1). */
export function isLoopback(address: PeerAddress): boolean {
  return address.family === 4 ? address.host.startsWith('127.') : address.host === '::1';
}

/** Compact form: 4 or 16 IP bytes, then the port, big endian. BEP 23, BEP 7. */
export function encodeCompactPeer(address: PeerAddress): Uint8Array {
  const ip = parseIp(address.host)!;
  const bytes = new Uint8Array(ip.length + 2);
  bytes.set(ip);
  bytes[ip.length] = address.port >> 8;
  bytes[ip.length + 1] = address.port & 255;
  return bytes;
}

/**
 * Reads a run of compact peers of one family; peers with port 0 are left out.
 * @returns undefined when the length is no multiple of 6 (IPv4) or 18 (IPv6)
 */
export function decodeCompactPeers(bytes: Uint8Array, family: 4 | 6): PeerAddress[] | undefined {
  const width = family === 4 ? 6 : 18;
  if (bytes.length % width !== 0) return undefined;
  const peers: PeerAddress[] = [];
  for (let at = 0; at < bytes.length; at += width) {
    const port = (bytes[at + width - 2]! << 8) | bytes[at + width - 1]!;
    if (port !== 0) peers.push(peerAddressFromBytes(bytes.subarray(at, at + width - 2), port));
  }
  return peers;
}

function parseIpv4(text: string): Uint8Array | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return undefined;
  const parts = text.split('.').map(Number);
  return parts.every((part) => part < 256) ? Uint8Array.from(parts) : undefined;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0]!);
  const tail = halves.length === 2 ? parseGroups(halves[1]!) : [];
  if (head === undefined || tail === undefined) return undefined;
  const gap = 16 - head.length - tail.length;
  if (halves.length === 2 ? gap < 2 : gap !== 0) return undefined;
  return Uint8Array.from([...head, ...new Array<number>(gap).fill(0), ...tail]);
}

function parseGroups(text: string): number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [at, group] of groups.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
      continue;
    }
    const ipv4 = at === groups.length - 1 ? parseIpv4(group) : undefined;
    if (ipv4 === undefined) return undefined;
    bytes.push(...ipv4);
  }
  return bytes;
}

/** fe80::/10 */
function isOfLink(ip: Uint8Array): boolean {
  return ip.length === 16 && ip[0] === 0xfe && (ip[1]! & 0xc0) === 0x80;
}

function isMapped(ip: Uint8Array): boolean {
  return ip.subarray(0, 10).every((byte) => byte === 0) && ip[10] === 255 && ip[11] === 255;
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`. */
function formatIpv6(ip: Uint8Array): string {
  const groups: string[] = [];
  for (let at = 0; at < 16; at += 2) groups.push(((ip[at]! << 8) | ip[at + 1]!).toString(16));
  let bestAt = -1;
  let bestLength = 1;
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (groups[at + length] === '0') length++;
    if (length > bestLength) [bestAt, bestLength] = [at, length];
  }
  if (bestAt < 0) return groups.join(':');
  const head = groups.slice(0, bestAt).join(':');
  const tail = groups.slice(bestAt + bestLength).join(':');
  return `${head}::${tail}`;
}
