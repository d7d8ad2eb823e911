/** A connection to Redis that comes back by itself. */
import { createClient, RESP_TYPES } from '@redis/client';
import { parseRedisUrl } from './redis-url.ts';

/** Silence after which a connection is given up, in milliseconds. */
const SOCKET_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** Between two tries to connect, in milliseconds. */
const RECONNECT_MS = 500;

export type RedisClient = ReturnType<typeof createRedisClient>;

export interface RedisClientOptions {
  readonly url: string;
  /** Version of the protocol; with 3 one connection carries commands and messages. */
  readonly protocol: 2 | 3;
  /** How often it is asked whether it is there when there is nothing else to say. */
  readonly pingMs?: number;
}

/** Not connected yet; texts come as bytes. @throws ExchangeError `bad-url` */
export function createRedisClient({ url, protocol, pingMs }: RedisClientOptions) {
  return createClient({
    url: parseRedisUrl(url),
    RESP: protocol,
    ...(pingMs === undefined ? {} : { pingInterval: pingMs }),
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      reconnectStrategy: () => RECONNECT_MS,
    },
  });
}

/** Ends it for good. */
export function endRedisClient(client: RedisClient): void {
  // A connection that is being made at this moment survives `destroy`.
  client.on('connect', () => client.destroy());
  if (client.isOpen) client.destroy();
}
