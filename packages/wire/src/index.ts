/** The peer wire protocol over bytes: frames, messages, handshake and session rules. No IO. */
export { allowedFastSet } from './allowed-fast.ts';
export {
  HANDSHAKE_LENGTH,
  type KnownMessageType,
  PIECE_HEADER_LENGTH,
  REQUEST_LENGTH,
} from './constants.ts';
export { decodeMessage } from './decode.ts';
export { decodeDontHave, encodeDontHave } from './dont-have.ts';
export { encodeMessage, writePieceHeader, writeRequest } from './encode.ts';
export {
  decodeExtendedHandshake,
  EXTENSION_NAME,
  type ExtendedHandshake,
  encodeExtendedHandshake,
} from './extended-handshake.ts';
export {
  encodeHandshake,
  type Handshake,
  type HandshakeRead,
  HandshakeReader,
} from './handshake.ts';
export { DEFAULT_WIRE_LIMITS, type WireLimits } from './limits.ts';
export { looksLikeBitTorrent } from './looks-like-bittorrent.ts';
export type { Message, MessageType } from './message.ts';
export { MseInitiator, type MseInitiatorOptions } from './mse/mse-initiator.ts';
export { mseTorrentHash } from './mse/mse-keys.ts';
export type { MseMethod } from './mse/mse-method.ts';
export { MseResponder, type MseResponderOptions } from './mse/mse-responder.ts';
export type { MseResult, MseStep } from './mse/mse-step.ts';
export { Rc4 } from './mse/rc4.ts';
export { peerPriority } from './peer-priority.ts';
export { PeerSession, type PeerSessionOptions } from './peer-session.ts';
export type { SessionSink } from './session-sink.ts';
export {
  decodeMetadataMessage,
  encodeMetadataMessage,
  METADATA_PIECE_LENGTH,
  type MetadataMessage,
} from './ut-metadata.ts';
export {
  decodePexMessage,
  encodePexMessage,
  MAX_PEX_PEERS,
  PEX_FLAG,
  type PexMessage,
  type PexPeer,
} from './ut-pex.ts';
export { WireError, type WireErrorCode, type WireErrorDetails } from './wire-error.ts';
