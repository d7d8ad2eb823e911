/** The words of BitTorrent as types, and the ports through which the outside comes in. No IO. */
export type { AddressScope } from './address-scope.ts';
export { isBelievable, leadsInward, scopeOf } from './address-scope.ts';
export { atMost } from './at-most.ts';
export { Bitfield } from './bitfield.ts';
export type { InfoHash, PeerId } from './ids.ts';
export { equalBytes, hexToInfoHash, idToHex, toInfoHash, toPeerId } from './ids.ts';
export type { PeerAddress } from './peer-address.ts';
export {
  decodeCompactPeers,
  encodeCompactPeer,
  formatPeerAddress,
  isLoopback,
  parseIp,
  parsePeerAddress,
  peerAddressFromBytes,
} from './peer-address.ts';
export type { BlockRef, PieceIndex } from './piece-layout.ts';
export { BLOCK_LENGTH, PieceLayout } from './piece-layout.ts';
export type {
  Clock,
  Dial,
  Listener,
  Log,
  LogFields,
  Network,
  Random,
  Timer,
  Transport,
  TransportSink,
} from './ports.ts';
export { silentLog } from './ports.ts';
export type { Subnet } from './subnet.ts';
export { isInAny, toSubnets } from './subnet.ts';
