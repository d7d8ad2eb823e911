/** Whether a peer let its turn pass: it was unchoked and asked for nothing. */
import type { PeerConnection } from './peer-connection.ts';

/** From being unchoked to the first request takes a round trip or two. */
const TURN_MS = 10_000;
/** Then others are served; it may want something again later. */
const PASSED_OVER_MS = 70_000;

/** It was unchoked a while ago and has asked for nothing since. */
export function hadIdleTurn(peer: PeerConnection, nowMs: number): boolean {
  if (peer.unchokedAtMs === undefined || nowMs - peer.unchokedAtMs < TURN_MS) return false;
  return peer.up.total === peer.uploadedAtUnchoke && peer.uploads.size === 0;
}

/** The same, and so lately that it gets no other turn yet. */
export function isPassedOver(peer: PeerConnection, nowMs: number): boolean {
  return hadIdleTurn(peer, nowMs) && nowMs - peer.unchokedAtMs! < PASSED_OVER_MS;
}
