/** Which clients are served, by how their peer ids begin (`-TR4` is Transmission 4). BEP 20. */

/** Lists of prefixes; asked with bytes in place, so that no announce makes a string. */
export class ClientRules {
  readonly #allow: readonly Uint8Array[] | undefined;
  readonly #deny: readonly Uint8Array[];

  /**
   * @param lists - prefixes of 1 to 20 characters; `allow` left out allows all
   * @throws RangeError for a prefix of another length or with characters past 255
   */
  constructor(lists: { allow?: readonly string[]; deny?: readonly string[] }) {
    this.#allow = lists.allow?.map(toBytes);
    this.#deny = (lists.deny ?? []).map(toBytes);
  }

  /** @param at - where the 20 bytes of the peer id begin */
  allows(bytes: Uint8Array, at: number): boolean {
    if (hasPrefix(this.#deny, bytes, at)) return false;
    return this.#allow === undefined || hasPrefix(this.#allow, bytes, at);
  }
}

function toBytes(prefix: string): Uint8Array {
  const isPrefixText = prefix.length >= 1 && prefix.length <= 20 && /^[\0-\xff]*$/.test(prefix);
  if (!isPrefixText) throw new RangeError('the prefix of a peer id has 1 to 20 characters');
  return new Uint8Array(Buffer.from(prefix, 'latin1'));
}

function hasPrefix(prefixes: readonly Uint8Array[], bytes: Uint8Array, at: number): boolean {
  for (const prefix of prefixes) if (isPrefix(prefix, bytes, at)) return true;
  return false;
}

function isPrefix(prefix: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let byte = 0; byte < prefix.length; byte++)
    if (prefix[byte] !== bytes[at + byte]) return false;
  return true;
}
