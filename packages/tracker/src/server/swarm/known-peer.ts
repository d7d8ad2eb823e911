/** What a store knows of one peer. */

export interface KnownPeer {
  /** When it was heard of: seconds modulo 2^16. */
  heardTick: number;
  isSeeder: boolean;
  /** By which client; client-tag.ts. */
  clientTag: number;
}

/** One to be filled in, again and again. */
export function newKnownPeer(): KnownPeer {
  return { heardTick: 0, isSeeder: false, clientTag: 0 };
}
