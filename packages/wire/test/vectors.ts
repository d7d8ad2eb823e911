/** Reads the vector files of this folder: hex in, values out. */
import { readFileSync } from 'node:fs';
import type { Message } from '../src/index.ts';

export function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8')) as T;
}

export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

export interface MessageVector {
  readonly bytes: Uint8Array;
  readonly message: Message;
  readonly source: string;
}

const BYTE_FIELDS = ['bytes', 'block', 'payload'];

/** Frames written by hand from the BEPs. */
export const messageVectors: readonly MessageVector[] = readVectors<
  { hex: string; message: Record<string, unknown>; source: string }[]
>('messages').map(({ hex, message, source }) => ({
  bytes: fromHex(hex),
  message: Object.fromEntries(
    Object.entries(message).map(([key, value]) => [
      key,
      BYTE_FIELDS.includes(key) ? fromHex(value as string) : value,
    ]),
  ) as unknown as Message,
  source,
}));
