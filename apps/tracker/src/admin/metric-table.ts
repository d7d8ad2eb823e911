/** Which numbers of a tracker become metrics. */
import type { Metric } from './metric.ts';
import type { Monitor } from './monitor.ts';
import { runMetrics } from './run-metrics.ts';

/** Torrents have no metrics of their own: their number has no bound. */
export function trackerMetrics(monitor: Monitor): readonly Metric[] {
  const stats = () => monitor.tracker.stats();
  return [
    {
      type: 'counter',
      name: 'announces_total',
      help: 'Announces that were answered with peers.',
      label: 'transport',
      read: () => byTransport('announces', monitor),
    },
    {
      type: 'counter',
      name: 'scrapes_total',
      help: 'Scrapes that were answered.',
      label: 'transport',
      read: () => byTransport('scrapes', monitor),
    },
    {
      type: 'counter',
      name: 'refusals_total',
      help: 'Requests that were answered with a refusal.',
      label: 'transport',
      read: () => byTransport('refusals', monitor),
    },
    {
      type: 'counter',
      name: 'bad_requests_total',
      help: 'Requests that could not be read.',
      label: 'transport',
      read: () => ({ http: stats().http.badRequests, websocket: stats().ws.badRequests }),
    },
    {
      type: 'counter',
      name: 'udp_connects_total',
      help: 'UDP connection ids given out.',
      read: () => stats().udp.connects,
    },
    {
      type: 'counter',
      name: 'udp_dropped_packets_total',
      help: 'UDP packets that got no answer.',
      read: () => stats().udp.drops,
    },
    {
      type: 'counter',
      name: 'websocket_relays_total',
      help: 'WebRTC offers and answers passed on.',
      read: () => stats().ws.relays,
    },
    {
      type: 'gauge',
      name: 'connections',
      help: 'Open connections.',
      label: 'transport',
      read: () => ({ http: stats().http.connectionCount, websocket: stats().ws.connectionCount }),
    },
    {
      type: 'gauge',
      name: 'swarms',
      help: 'Torrents with at least one peer.',
      read: () => stats().swarmCount,
    },
    {
      type: 'gauge',
      name: 'store_bytes',
      help: 'Memory that the swarms of this process take.',
      read: () => stats().storeByteLength,
    },
    {
      type: 'counter',
      name: 'shed_peers_total',
      help: 'Peers that went because a limit on torrents, peers or memory was reached.',
      read: () => stats().shedPeerCount,
    },
    {
      type: 'counter',
      name: 'expired_peers_total',
      help: 'Peers that went because they were not heard of for two intervals.',
      read: () => stats().expiredPeerCount,
    },
    {
      type: 'gauge',
      name: 'peers',
      help: 'Peers of all swarms, as the last look through them found.',
      label: 'role',
      read() {
        const { seederCount, leecherCount } = monitor.getTotals();
        return { seeder: seederCount, leecher: leecherCount };
      },
    },
    {
      type: 'counter',
      name: 'received_bytes_total',
      help: 'Bytes of requests, without the headers of packets and frames.',
      label: 'transport',
      read: () => byTransport('receivedLength', monitor),
    },
    {
      type: 'counter',
      name: 'sent_bytes_total',
      help: 'Bytes of answers, without the headers of packets and frames.',
      label: 'transport',
      read: () => byTransport('sentLength', monitor),
    },
    ...(stats().sharing === undefined ? [] : sharingMetrics(monitor)),
    ...runMetrics(monitor),
    {
      type: 'gauge',
      name: 'client_ratio',
      help: 'Part of the recent announces, 0 to 1, on a sample of them.',
      label: 'client',
      read: () => Object.fromEntries(monitor.getClients().map(({ name, share }) => [name, share])),
    },
  ];
}

/** Only where swarms are shared with other processes. */
function sharingMetrics({ tracker }: Monitor): readonly Metric[] {
  const sharing = () => tracker.stats().sharing;
  return [
    {
      type: 'gauge',
      name: 'sharing_up',
      help: 'Whether the other processes can be reached.',
      read: () => Number(sharing()?.isReachable ?? false),
    },
    {
      type: 'gauge',
      name: 'sharing_waiting_peers',
      help: 'Peers that the other processes were not told of yet.',
      read: () => sharing()?.waitingCount ?? 0,
    },
    {
      type: 'counter',
      name: 'sharing_received_peers_total',
      help: 'Peers that other processes told of.',
      read: () => sharing()?.receivedCount ?? 0,
    },
    {
      type: 'counter',
      name: 'sharing_failures_total',
      help: 'Exchanges with the other processes that failed.',
      read: () => sharing()?.failureCount ?? 0,
    },
  ];
}

type TransportCount = 'announces' | 'scrapes' | 'refusals' | 'receivedLength' | 'sentLength';

function byTransport(name: TransportCount, { tracker }: Monitor) {
  const { http, udp, ws } = tracker.stats();
  return { http: http[name], udp: udp[name], websocket: ws[name] };
}
