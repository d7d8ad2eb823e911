/** What this peer is and whom it knows. */
import { cleanText, formatByteSize, formatPercent, formatRate } from '@shoal/cli';
import type { PeerSnapshot, TorrentSummary } from '@shoal/engine';
import { formatNoun } from '../../tui/format/numbers.ts';
import { peerFlags } from '../../tui/format/peer-flags.ts';
import { say } from '../answer.ts';
import { command } from '../command.ts';
import { fitTable, type TextColumn } from '../text/fit-table.ts';
import { nameOf } from '../text/peer-text.ts';
import { roleIn } from '../text/role.ts';
import { formatTable } from '../text/table.ts';
import { peerSet } from './peer-set.ts';

export const seeThisPeerInfo = command({
  name: 'see_this_peer_info',
  section: 'me',
  summary: 'shows who this peer is',
  answers: 'id, address, port, role per torrent (seeder, leecher), uploaded, downloaded, ratio',
  examples: ['/see_this_peer_info'],
  arguments: [],
  async *run({ engine, host }) {
    const { peerId, port, torrents } = engine.getSnapshot();
    const addresses = host.addresses();
    const facts = [
      ['id', readablePeerId(peerId)],
      ['address', addresses.join(', ')],
      ['port', String(port)],
    ];
    const rows = torrents.map((torrent) => [
      roleIn(torrent),
      `uploaded ${formatByteSize(torrent.uploaded)}`,
      `downloaded ${formatByteSize(torrent.downloaded)}`,
      `ratio ${torrent.ratio.toFixed(2)}`,
      cleanText(torrent.name),
    ]);
    const text = rows.length === 0 ? '' : `\n${formatTable(rows)}`;
    const swarms = torrents.map((torrent) => {
      const { infoHash, name, uploaded, downloaded, ratio } = torrent;
      return { infoHash, name, role: roleIn(torrent), uploaded, downloaded, ratio };
    });
    yield say(formatTable(facts) + text, { peerId, addresses, port, torrents: swarms });
  },
});

export const seePeerSet = command({
  name: 'see_peer_set',
  section: 'me',
  summary: 'shows every peer known of the torrent',
  answers: 'each peer and where it was learnt (tracker, PEX, DHT, LSD, by hand, incoming)',
  examples: ['/see_peer_set'],
  arguments: [],
  async *run(context) {
    yield peerSet(context.torrent());
  },
});

export const seeConnected = command({
  name: 'see_connected',
  section: 'me',
  summary: 'shows the connected peers',
  answers:
    'client, progress, rates, flags (D down, U up, small when choked; O optimistic, S snubbed, I incoming, E encrypted)',
  examples: ['/see_connected'],
  arguments: [],
  async *run(context) {
    const { name, peers } = await context.detail();
    if (peers.length === 0) yield say(`${cleanText(name)} has no connected peer`, { peers });
    else yield say(formatTable(peers.map(connectedRow)), { peers });
  },
});

export const seeSwarms = command({
  name: 'see_swarms',
  section: 'me',
  summary: 'shows all torrents',
  answers: 'role, progress, rates, peers of each',
  examples: ['/see_swarms'],
  arguments: [],
  async *run({ engine, host }) {
    const { torrents } = engine.getSnapshot();
    const fields = torrents.map((torrent) => ({ ...torrent, role: roleIn(torrent) }));
    if (torrents.length === 0) yield say('There is no torrent', { torrents: [] });
    else yield say(fitTable(swarmColumns(torrents), host.columns()), { torrents: fields });
  },
});

function connectedRow(peer: PeerSnapshot): string[] {
  return [
    nameOf(peer.address),
    cleanText(peer.client, 40),
    formatPercent(peer.progress),
    `down ${formatRate(peer.downBytesPerS)}`,
    `up ${formatRate(peer.upBytesPerS)}`,
    peerFlags(peer).replaceAll(' ', ''),
  ];
}

/** Of each torrent, one row. */
function swarmColumns(torrents: readonly TorrentSummary[]): readonly TextColumn[] {
  const column = (
    cell: (torrent: TorrentSummary) => string,
    more: Omit<TextColumn, 'cells'> = {},
  ): TextColumn => ({ cells: torrents.map(cell), ...more });
  return [
    column(({ infoHash }) => infoHash.slice(0, 8), { drop: 4 }),
    column(({ name }) => cleanText(name), { isCut: true }),
    column(roleIn),
    column(({ status }) => status, { drop: 5 }),
    column(doneText),
    column(({ downBytesPerS }) => `down ${formatRate(downBytesPerS)}`),
    column(({ upBytesPerS }) => `up ${formatRate(upBytesPerS)}`, { drop: 2 }),
    column(({ peerCount }) => formatNoun(peerCount, 'peer'), { drop: 1 }),
    column(({ knownPeerCount }) => `${knownPeerCount} known`, { drop: 3 }),
  ];
}

function doneText({ status, haveLength, wantedLength }: TorrentSummary): string {
  return formatPercent(
    wantedLength === 0 ? Number(status === 'seeding') : haveLength / wantedLength,
  );
}

/** `-SL0100-` stays readable, the random rest is hex. */
function readablePeerId(hex: string): string {
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
  const text = Array.from(bytes, (byte) =>
    byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
  );
  return `${text.slice(0, 8).join('')} ${hex.slice(16)}`;
}
