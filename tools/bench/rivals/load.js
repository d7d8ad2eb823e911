/**
 * Imports a package by name from this folder's node_modules.
 *
 * They are installed without their scripts, so the native half of WebRTC is not there. The
 * transfers here are over TCP: classes that are never made stand in for it.
 */
import { registerHooks } from 'node:module';

const WITHOUT_WEBRTC =
  'data:text/javascript,' +
  'export class RTCPeerConnection {} export class RTCSessionDescription {} export class RTCIceCandidate {}';

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'webrtc-polyfill'
      ? { url: WITHOUT_WEBRTC, shortCircuit: true }
      : next(specifier, context),
});

export const load = (name) => import(name);
