/** Swarms shared through Redis: apart from the server, whose users need not load a client of Redis. */
export { RedisExchange, type RedisExchangeOptions } from './redis-exchange.ts';
export { RedisSignals, type RedisSignalsOptions } from './redis-signals.ts';
