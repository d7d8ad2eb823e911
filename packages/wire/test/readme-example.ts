import { PieceLayout, toInfoHash, toPeerId } from '@shoal/units';
import {
  encodeHandshake,
  encodeMessage,
  HandshakeReader,
  PeerSession,
  type SessionSink,
} from '@shoal/wire';

// Both sides begin with a handshake. These bytes would come from a socket.
const infoHash = toInfoHash(new Uint8Array(20).fill(1))!;
const peerId = toPeerId(new TextEncoder().encode('-SL0100-abcdefghijkl'))!;
const capabilities = { supportsFast: true, supportsExtended: true, supportsDht: false };
const greeting = encodeHandshake({ infoHash, peerId, ...capabilities });
const { handshake, rest } = new HandshakeReader().push(greeting, greeting.length)!;
console.log(handshake.supportsFast, rest.length);

// What the owner of a connection wants to hear; the methods left out do nothing here.
const piece = new Uint8Array(32_768);
const ignore = (): void => {};
const sink: SessionSink = {
  handleChoke: ignore,
  handleUnchoke: () => console.log('we may ask'),
  handleInterested: ignore,
  handleNotInterested: ignore,
  handleHave: ignore,
  handleBitfield: (pieces) => console.log(`the peer has ${pieces.count} pieces`),
  handleRequest: ignore,
  handleCancel: ignore,
  blockTarget: () => piece, // the block is copied once, to its place in here
  handleBlock: (index, begin, length) => console.log(`piece ${index}: ${begin}+${length}`),
  handleReject: ignore,
  handleSuggest: ignore,
  handleAllowedFast: ignore,
  handlePort: ignore,
  handleExtended: ignore,
};

const layout = new PieceLayout(1_000_000, 32_768);
const session = new PeerSession({ sink, layout, fast: true, extended: true });
for (const bytes of [
  encodeMessage({ type: 'have-all' }),
  encodeMessage({ type: 'unchoke' }),
  encodeMessage({ type: 'piece', pieceIndex: 7, begin: 16_384, block: new Uint8Array(16_384) }),
])
  session.receive(bytes, bytes.length); // however the stream is cut

const asked = session.send({ type: 'request', pieceIndex: 7, begin: 0, length: 16_384 });
console.log(`${asked.length} bytes to send`);
