/** What the parent and its workers say to each other beside swarms. */
import type {
  AccessLists,
  HubMessage,
  ListenPlaces,
  MemberMessage,
  TlsIdentity,
  TrackerStats,
} from '@shoal/tracker/server';
import type { TrackerFlags } from '../tracker-flags.ts';
import type { ProcessLoad } from './process-load.ts';

/** What each worker does alike: one that replaces another reads no file, which may be bad by then. */
export interface WorkerTask {
  /** With what a configuration file said at the start. */
  readonly flags: TrackerFlags;
  readonly lists: AccessLists;
  /** With ports that are not 0. */
  readonly places: ListenPlaces;
  /** Of the UDP connection ids: a client's packets may move to another worker. */
  readonly connectionSecret: Uint8Array;
}

/** From the parent. */
export type ParentMessage =
  | HubMessage
  | { readonly type: 'start'; readonly task: WorkerTask }
  | { readonly type: 'lists'; readonly lists: AccessLists }
  | { readonly type: 'identity'; readonly identity: TlsIdentity }
  | { readonly type: 'stop' };

/** From a worker. */
export type WorkerMessage =
  | MemberMessage
  /** It can be told what to do. */
  | { readonly type: 'ready' }
  | { readonly type: 'listening' }
  | { readonly type: 'report'; readonly report: WorkerReport };

/** What a worker did since its start. */
export interface WorkerReport {
  readonly stats: TrackerStats;
  readonly clients: ReadonlyMap<string, number>;
  readonly load: ProcessLoad;
}

export function isHubMessage(message: ParentMessage): message is HubMessage {
  return (
    message.type === 'batch' ||
    message.type === 'caught-up' ||
    message.type === 'signal' ||
    message.type === 'signals-lost'
  );
}

export function isMemberMessage(message: WorkerMessage): message is MemberMessage {
  return message.type === 'batch' || message.type === 'join' || message.type === 'signal';
}

/** In the environment of a worker. */
export const WORKER_VARIABLE = 'SHOAL_TRACKER_IS_WORKER';

/** Whether this process is a worker. */
export function isWorker(): boolean {
  return process.env[WORKER_VARIABLE] === '1' && process.send !== undefined;
}
