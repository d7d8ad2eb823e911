/** Byte strings as text in tests: one character a byte. */
export function toBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

export function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
