/** Every address known of a torrent, and where it was learnt. */
import { cleanText } from '@shoal/cli';
import type { KnownPeerSnapshot, TorrentHandle } from '@shoal/engine';
import { type Answer, say } from '../answer.ts';
import { nameOf } from '../text/peer-text.ts';
import { formatTable } from '../text/table.ts';

const SOURCE_NAMES: Readonly<Record<KnownPeerSnapshot['source'], string>> = {
  tracker: 'tracker',
  pex: 'PEX',
  dht: 'DHT',
  lsd: 'LSD',
  manual: 'by hand',
  incoming: 'incoming',
  resume: 'the last run',
};

/** One peer a line. */
export function peerSet(torrent: TorrentHandle): Answer {
  const peers = torrent.byHand.knownPeers();
  if (peers.length === 0)
    return say(`The peer set of ${cleanText(torrent.getSummary().name)} is empty`, { peers });
  const rows = peers.map(({ address, source, status }) => [
    nameOf(address),
    SOURCE_NAMES[source],
    status === 'idle' ? 'not connected' : status,
  ]);
  return say(formatTable(rows), { peers });
}
