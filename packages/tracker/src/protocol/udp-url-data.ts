/**
 * The options behind a UDP announce, of which one is used: the path and query of the tracker's URL.
 *
 * Shape, from byte 98: 0 ends the options | 1 is padding | type, length, bytes for every other.
 * Type 2 is URLData; several are one text. Pure. BEP 41.
 */
import { TrackerError } from './tracker-error.ts';
import { ANNOUNCE_REQUEST_LENGTH } from './udp-layout.ts';

const END_OF_OPTIONS = 0;
const NOP = 1;
const URL_DATA = 2;
const MAX_OPTION_LENGTH = 255;

/** Writes the options for a path and query in ASCII, as many as it needs; none for ''. */
export function encodeUrlData(pathAndQuery: string): Uint8Array {
  const text = Buffer.from(pathAndQuery, 'latin1');
  const options: number[] = [];
  for (let at = 0; at < text.length; at += MAX_OPTION_LENGTH) {
    const part = text.subarray(at, at + MAX_OPTION_LENGTH);
    options.push(URL_DATA, part.length, ...part);
  }
  return Uint8Array.from(options);
}

/**
 * Reads the options of an announce request.
 * @returns the path and query, one character a byte, or undefined when there is none
 * @throws TrackerError `bad-packet` for an option that ends past the packet
 */
export function decodeUrlData(packet: Uint8Array): string | undefined {
  let text: string | undefined;
  for (let at = ANNOUNCE_REQUEST_LENGTH; at < packet.length; ) {
    const type = packet[at]!;
    if (type === END_OF_OPTIONS) break;
    if (type === NOP) {
      at++;
      continue;
    }
    const end = at + 2 + (packet[at + 1] ?? packet.length);
    if (end > packet.length)
      throw new TrackerError('bad-packet', `an option up to byte ${end} of ${packet.length}`);
    if (type === URL_DATA) text = `${text ?? ''}${latin1(packet.subarray(at + 2, end))}`;
    at = end;
  }
  return text;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
