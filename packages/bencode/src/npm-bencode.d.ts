/** The part of npm bencode that is used here; it has no types of its own. */
declare module 'bencode' {
  const bencode: { encode(value: unknown): Uint8Array };
  // biome-ignore lint/style/noDefaultExport: the package has no other export
  export default bencode;
}
