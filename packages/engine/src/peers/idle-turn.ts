/** Whether a peer let its turn pass: it was unchoked and asked for nothing. */
import type { PeerConnection } from './peer-connection.ts';

/** From being unchoked to the first request takes a round trip or two. */
const TURN_MS = 30_000;
/** Then others are served; it may want something again later. */
const PASSED_OVER_MS = 210_000;
/** Who reads nothing for so long does not wait for blocks. */
const DEAF_MS = 10_000;

/** It was unchoked a while ago and has asked for nothing since. */
export function hadIdleTurn(peer: PeerConnection, nowMs: number): boolean {
  if (peer.unchokedAtMs === undefined || nowMs - peer.unchokedAtMs < TURN_MS) return false;
  return peer.up.total === peer.uploadedAtUnchoke && peer.uploads.size === 0;
}

/** It gets no other turn yet: it let one pass lately, or does not read what is sent to it. */
export function isPassedOver(peer: PeerConnection, nowMs: number): boolean {
  if (peer.deafSinceMs !== undefined && nowMs - peer.deafSinceMs >= DEAF_MS) return true;
  return hadIdleTurn(peer, nowMs) && nowMs - peer.unchokedAtMs! < PASSED_OVER_MS;
}
