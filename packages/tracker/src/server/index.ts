/** A tracker server: HTTP, UDP and WebSocket on one set of swarms, which any store may keep. */
export { TrackerError, type TrackerErrorCode } from '../protocol/tracker-error.ts';
export type { AccessLists } from './access.ts';
export type { AddressRate } from './admission/address-rates.ts';
export { ClientRules } from './admission/client-rules.ts';
export type { Membership, TransferNews } from './admission/membership.ts';
export { TrustedProxies } from './admission/trusted-proxies.ts';
export { ANSWER_TIME_BOUNDS_S, type AnswerTimeCounts, addAnswerTimes } from './answer-times.ts';
export type { BatchSink } from './exchange/batch-reader.ts';
export { ExchangeError, type ExchangeErrorCode } from './exchange/exchange-error.ts';
export type { ExchangeStatus } from './exchange/exchange-loop.ts';
export { SharedSwarmStore, type SharedSwarmStoreOptions } from './exchange/shared-swarm-store.ts';
export type { ExchangeReply, SwarmExchange } from './exchange/swarm-exchange.ts';
export { type InfoHashTable, InfoHashTableBuilder, infoHashTable } from './info-hash-table.ts';
export { listenError } from './listen-error.ts';
export {
  LISTEN_NAMES,
  type ListenAddress,
  type ListenerAddresses,
  type Listening,
  type ListenPlaces,
  listOf,
} from './listeners.ts';
export { parseRedisUrl } from './redis/redis-url.ts';
export type { SignalCarrier, SignalListener } from './signals/signal-carrier.ts';
export { demandSnapshot, type ReplaceFile } from './snapshot/snapshot-file.ts';
export { SnapshotKeeper, type SnapshotKeeperOptions } from './snapshot/snapshot-keeper.ts';
export { MemorySwarmStore, type MemorySwarmStoreOptions } from './swarm/memory-swarm-store.ts';
export {
  Announce,
  type SwarmCounts,
  type SwarmStore,
  type SwarmVisitor,
} from './swarm/swarm-store.ts';
export { expiryOf, type TlsIdentity } from './tls-identity.ts';
export {
  createTrackerServer,
  peerLifetimeOf,
  type TrackerServer,
  type TrackerServerOptions,
  type TrackerStats,
} from './tracker-server.ts';
export { MemberAccounts, type MemberAccountsOptions } from './users/member-accounts.ts';
export { hashPasskey, newPasskey } from './users/passkey.ts';
export { type User, UserDatabase, type UserTorrent } from './users/user-database.ts';
export type { NamedSwarm, SwarmSurvey, SwarmTotals } from './view/swarm-survey.ts';
export { SignalHub } from './workers/signal-hub.ts';
export { SwarmHub } from './workers/swarm-hub.ts';
export { WorkerExchange } from './workers/worker-exchange.ts';
export type { HubMessage, MemberMessage, MessagePort } from './workers/worker-messages.ts';
export { WorkerSignals } from './workers/worker-signals.ts';
