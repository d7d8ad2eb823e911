/** What one peer may make us hold or do. Each limit is enforced by the file that its comment names. */

/** All lengths in bytes, payload alone. */
export interface WireLimits {
  /** Block of a `piece` message we take; we never ask for more. frame-limits.ts */
  readonly blockLength: number;
  /** What one `request` of the peer may ask for. peer-session.ts */
  readonly requestLength: number;
  /** Payload of an `extended` message. frame-limits.ts */
  readonly extendedLength: number;
  /** Payload of a message of unknown id, which is skipped and not kept. frame-limits.ts */
  readonly unknownLength: number;
  /** Pieces of a torrent whose metadata we lack: bounds its bitfield. early-pieces.ts */
  readonly pieceCount: number;
  /** Requests of the peer while we choke it, allowed-fast pieces not counted. peer-session.ts */
  readonly chokedRequestCount: number;
  /** Allowed-fast pieces of the peer that we heed; more are dropped. peer-session.ts */
  readonly allowedFastCount: number;
}

export const DEFAULT_WIRE_LIMITS: WireLimits = {
  blockLength: 16_384,
  requestLength: 131_072,
  extendedLength: 1_048_576,
  unknownLength: 1_048_576,
  pieceCount: 2_097_152,
  chokedRequestCount: 300,
  allowedFastCount: 256,
};
