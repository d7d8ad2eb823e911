/** The commands that open, look at and close connections. */
import { cleanText, formatPercent, formatRate } from '@shoal/cli';
import type { EngineHandle, PeerSnapshot, TorrentHandle } from '@shoal/engine';
import { formatPeerAddress, type PeerAddress } from '@shoal/units';
import { say, saySoFar } from '../answer.ts';
import { hostArgument, peerArgument } from '../arguments/peer-argument.ts';
import { command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { ME, nameOf, yesNo } from '../text/peer-text.ts';

/** A peer that has not answered for so long does not answer. */
const PING_LIMIT_MS = 10_000;

export const connectPeer = command({
  name: 'connect_peer',
  section: 'peers',
  summary: 'dials, shakes hands and exchanges bitfields',
  answers:
    '`Peer[IP:PORT] established connection to Peer[me]`, its client name and how much it has',
  examples: ['/connect_peer 192.0.2.7 6881', '/connect_peer [2001:db8::1]:6881'],
  arguments: [peerArgument],
  async *run(context, address) {
    const torrent = context.runningTorrent();
    yield saySoFar(`connecting to ${nameOf(address)}`);
    const { client, progress, reason } = await connect(context.engine, torrent, address);
    const what =
      progress === undefined ? `left again: ${reason}` : `has ${formatPercent(progress)}`;
    yield say(
      `${nameOf(address)} established connection to ${ME}: ${clientName(client)}, ${what}`,
      { address: formatPeerAddress(address), client, progress },
    );
  },
});

export const ping = command({
  name: 'ping',
  section: 'peers',
  summary: 'measures the round trip of a connection, or of connect and handshake',
  answers: '`Peer[IP:PORT] 0.42 ms`, or why not',
  examples: ['/ping 192.0.2.7 6881'],
  arguments: [peerArgument],
  async *run(context, address) {
    const torrent = context.runningTorrent();
    const ms = await context.within(PING_LIMIT_MS, torrent.byHand.ping(address));
    if (ms === undefined)
      throw new CommandError(
        'failed',
        `${nameOf(address)} did not answer within ${PING_LIMIT_MS / 1000} s`,
        'try again later',
      );
    yield say(`${nameOf(address)} ${ms.toFixed(2)} ms`, {
      address: formatPeerAddress(address),
      ms,
    });
  },
});

export const disconnectPeer = command({
  name: 'disconnect_peer',
  section: 'peers',
  summary: 'closes the connection and does not dial the peer again by itself',
  answers: '`Peer[me] disconnected from Peer[IP:PORT]`',
  examples: ['/disconnect_peer 192.0.2.7 6881'],
  arguments: [peerArgument],
  async *run(context, address) {
    context.torrent().byHand.disconnectPeer(address);
    yield say(`${ME} disconnected from ${nameOf(address)}`, {
      address: formatPeerAddress(address),
    });
  },
});

export const checkTargetPeerConnected = command({
  name: 'check_target_peer_connected',
  section: 'peers',
  summary: 'says whether the peer is connected',
  answers: 'yes or no, with the four flags (am/peer choking, interested) and rates',
  examples: ['/check_target_peer_connected 192.0.2.7 6881'],
  arguments: [peerArgument],
  async *run(context, address) {
    const peer = context.torrent().byHand.findPeer(address);
    const fields = { address: formatPeerAddress(address), isConnected: peer !== undefined };
    if (peer === undefined) yield say(`no, ${nameOf(address)} is not connected`, fields);
    else yield say(`yes, ${nameOf(address)}: ${flagsOf(peer)}`, { ...fields, peer });
  },
});

export const choke = command({
  name: 'choke',
  section: 'peers',
  summary: 'chokes the peer by hand: it gets nothing until /unchoke',
  answers: '`Peer[me] chokes Peer[IP:PORT]`',
  examples: ['/choke 192.0.2.7 6881'],
  arguments: [peerArgument],
  async *run(context, address) {
    context.torrent().byHand.setPeerChoked(address, true);
    yield say(`${ME} chokes ${nameOf(address)}`, { address: formatPeerAddress(address) });
  },
});

export const unchoke = command({
  name: 'unchoke',
  section: 'peers',
  summary: 'unchokes the peer by hand: it is served what it asks for',
  answers: '`Peer[me] unchokes Peer[IP:PORT]`',
  examples: ['/unchoke 192.0.2.7 6881'],
  arguments: [peerArgument],
  async *run(context, address) {
    context.torrent().byHand.setPeerChoked(address, false);
    yield say(`${ME} unchokes ${nameOf(address)}`, { address: formatPeerAddress(address) });
  },
});

export const ban = command({
  name: 'ban',
  section: 'peers',
  summary: 'closes all connections with an address and makes none any more, in any torrent',
  answers: '`Peer[me] banned IP`',
  examples: ['/ban 192.0.2.7'],
  arguments: [hostArgument],
  async *run(context, host) {
    context.engine.banHost(host);
    yield say(`${ME} banned ${host}`, { host });
  },
});

export const unban = command({
  name: 'unban',
  section: 'peers',
  summary: 'lets a banned address in again',
  answers: '`Peer[me] unbanned IP`',
  examples: ['/unban 192.0.2.7'],
  arguments: [hostArgument],
  async *run(context, host) {
    if (!context.engine.unbanHost(host))
      throw new CommandError('not-now', `${host} is not banned by hand`, 'ban it with /ban');
    yield say(`${ME} unbanned ${host}`, { host });
  },
});

interface Connected {
  readonly client: string;
  /** 0..1 of its pieces; undefined when it left at once. */
  readonly progress: number | undefined;
  /** Why it left. */
  readonly reason: string;
}

/** A small torrent may be complete, and the connection over, before the peer has told about itself. */
async function connect(
  engine: EngineHandle,
  torrent: TorrentHandle,
  address: PeerAddress,
): Promise<Connected> {
  let joined: string | undefined;
  let reason = '';
  const name = formatPeerAddress(address);
  const stopListening = engine.onEvent((event) => {
    if (event.infoHash !== torrent.infoHash) return;
    if (event.type === 'peer-joined' && event.address === name) joined = event.client;
    if (event.type === 'peer-left' && event.address === name) reason = event.reason;
  });
  try {
    return { ...(await torrent.byHand.connectPeer(address)), reason };
  } catch (error) {
    const other = torrent.byHand.findPeer(address);
    if (other !== undefined) return { ...other, reason };
    if (joined === undefined) throw error;
    return { client: joined, progress: undefined, reason: cleanText(reason) };
  } finally {
    stopListening();
  }
}

function clientName(client: string): string {
  return client === '' ? 'an unknown client' : cleanText(client, 100);
}

function flagsOf(peer: PeerSnapshot): string {
  return [
    `am choking ${yesNo(peer.amChoking)}`,
    `am interested ${yesNo(peer.amInterested)}`,
    `peer choking ${yesNo(peer.peerChoking)}`,
    `peer interested ${yesNo(peer.peerInterested)}`,
    `down ${formatRate(peer.downBytesPerS)}`,
    `up ${formatRate(peer.upBytesPerS)}`,
  ].join(', ');
}
