/** A client of trackers: one announcer a torrent, one transport for all of them. */
export type { AnnounceRequest, AnnounceResponse, ScrapeCounts } from '../protocol/announce.ts';
export { TrackerError, type TrackerErrorCode } from '../protocol/tracker-error.ts';
export type { AnnouncerTorrent, TrackerState, TransferStats } from './announcer-types.ts';
export type { Resolve } from './endpoints.ts';
export { NameResolver } from './name-resolver.ts';
export { TrackerAnnouncer, type TrackerAnnouncerOptions } from './tracker-announcer.ts';
export {
  createTrackerTransport,
  type TrackerTransport,
  type TrackerTransportOptions,
} from './tracker-transport.ts';
