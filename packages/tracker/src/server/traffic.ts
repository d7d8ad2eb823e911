/** Bytes that went through the sockets of one transport, as far as the program sees them. */

/** Since the start: without the headers of TCP, UDP, TLS and WebSocket frames. */
export interface Traffic {
  receivedLength: number;
  sentLength: number;
}
