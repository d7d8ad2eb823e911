/** Requests that mean no good to a tracker, over each transport. */

export { sendHostileHttp } from './hostile-http.ts';
export type { HostileLoad } from './hostile-load.ts';
export { sendHostileUdp } from './hostile-udp.ts';
export { sendHostileWebSocket } from './hostile-websocket.ts';
