/** How a fake peer answers requests: truly, or in one of the ways that a client must survive. */

export interface AskedBlock {
  readonly pieceIndex: number;
  /** Offset inside the piece, in bytes. */
  readonly begin: number;
  readonly length: number;
}

/**
 * Decides the answer to one request.
 * @param truth - a copy of the true bytes, fewer if the request reaches past the end
 * @returns what the `piece` message carries, or undefined for no answer
 */
export type Conduct = (asked: AskedBlock, truth: Uint8Array) => Uint8Array | undefined;

export const honest: Conduct = (_asked, truth) => truth;

/** Never answers a request. */
export const silent: Conduct = () => undefined;

/** Every block has its first byte wrong: right in form, and the piece fails its hash. */
export const corrupting: Conduct = (_asked, truth) => {
  truth[0]! ^= 0xff;
  return truth;
};

/** Every block lacks its last byte. */
export const shortening: Conduct = (_asked, truth) => truth.subarray(0, -1);
