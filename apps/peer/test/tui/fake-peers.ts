/** Peers and trackers of a fake torrent, and what its log says. */
import type { PeerSnapshot, TorrentStatusName, TrackerSnapshot } from '@shoal/engine';

export const START_MS = Date.UTC(2026, 4, 17, 14, 0, 0);

const CLIENTS = [
  'Shoal 0.1.0',
  'qBittorrent 5.1.2',
  'Transmission 4.0.6',
  'libtorrent 2.0.11',
  'aria2 1.37.0',
  'Deluge 2.2.0',
  'µTorrent 3.6.0',
];
const SOURCES = ['tracker', 'pex', 'dht', 'tracker', 'incoming'] as const;

export interface FakeSwarm {
  readonly status: TorrentStatusName;
  readonly peerCount: number;
  /** Of the whole torrent, bytes a second: each peer gives half of what the one before gave. */
  readonly down: number;
  readonly up: number;
  readonly clients: readonly string[] | undefined;
}

export function fakePeers(swarm: FakeSwarm): PeerSnapshot[] {
  const { status, peerCount, down, up, clients = CLIENTS } = swarm;
  return Array.from({ length: peerCount }, (_, index): PeerSnapshot => {
    const share = 2 ** -(index + 1);
    const isSeeder = index % 3 === 0;
    const isGiving = status === 'downloading' && index < 6;
    return {
      address: `${20 + index}.${(index * 53) % 256}.${(index * 91) % 256}.${7 + index}:${6881 + index}`,
      client: clients[index % clients.length]!,
      source: SOURCES[index % SOURCES.length]!,
      incoming: index % 4 === 3,
      isEncrypted: index % 3 === 1,
      progress: isSeeder ? 1 : ((index * 37) % 90) / 100 + 0.05,
      downBytesPerS: isGiving ? Math.round(down * share) : 0,
      upBytesPerS: isSeeder ? 0 : Math.round((up * share) / 0.6),
      downloaded: 0,
      uploaded: 0,
      amChoking: index > 5,
      amInterested: status === 'downloading',
      peerChoking: index > 6,
      peerInterested: !isSeeder,
      isSnubbed: index === 8,
      isOptimistic: index === 4,
      requestCount: 16,
    };
  });
}

const OUTCOMES: Partial<Record<TrackerSnapshot['status'], TrackerSnapshot['lastOutcome']>> = {
  working: 'accepted',
  error: 'failed',
};

export const FAKE_TRACKERS: readonly TrackerSnapshot[] = [
  tracker('udp://tracker.example.org:6969/announce', 0, 'working', 212, undefined),
  tracker('https://tracker.example.net/announce', 0, 'working', 187, undefined),
  tracker('http://old.example.com:6969/announce', 1, 'error', undefined, 'connection refused'),
  tracker('http://[2001:db8::1]:6969/announce', 1, 'idle', undefined, undefined),
];

function tracker(
  url: string,
  tier: number,
  status: TrackerSnapshot['status'],
  seederCount: number | undefined,
  message: string | undefined,
): TrackerSnapshot {
  const leecherCount = seederCount === undefined ? undefined : Math.round(seederCount / 5);
  const nextAnnounceAtMs = status === 'idle' ? undefined : START_MS + 1_512_000;
  const peerCount = seederCount === undefined ? undefined : 50;
  const lastAnnounceAtMs = nextAnnounceAtMs === undefined ? undefined : START_MS;
  const counts = { seederCount, leecherCount, peerCount };
  const lastOutcome = OUTCOMES[status];
  const shown = {
    url,
    tier,
    status,
    lastOutcome,
    lastAnnounceAtMs,
    nextAnnounceAtMs,
    ...counts,
    message,
  };
  return { ...shown, reported: undefined };
}

export const FAKE_LOG: readonly string[] = [
  'added',
  '1,018 of 2,640 pieces are good on disk',
  'udp://tracker.example.org:6969/announce: 50 peers',
  'http://old.example.com:6969/announce: connection refused',
  '20.0.0.7:6881 joined (Shoal 0.1.0)',
  '21.53.91.8:6882 joined (qBittorrent 5.1.2)',
  'piece 1204 failed its hash; 25.9.199.12:6886 sent all of it and is banned',
  '24.212.108.11:6885 left: closed by the peer',
];
