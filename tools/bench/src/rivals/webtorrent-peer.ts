/** One webtorrent peer: seeds on PORT until killed, or fetches from PORT and exits. */
import { loadRival } from '../rivals.ts';

/** The little of webtorrent that is used. */
interface WebTorrentModule {
  readonly default: new (options: object) => WebTorrentClient;
}
interface WebTorrentClient {
  add(torrentPath: string, options: object): WebTorrentTorrent;
  on(event: 'error', listener: (error: Error) => void): void;
}
interface WebTorrentTorrent {
  readonly infoHash: string;
  addPeer(address: string): boolean;
  on(event: 'done' | 'infoHash', listener: () => void): void;
}

const [role = '', torrentPath = '', folder = '', port = ''] = process.argv.slice(2);
const { default: WebTorrent } = await loadRival<WebTorrentModule>('webtorrent');
const client = new WebTorrent({
  dht: false,
  lsd: false,
  natPmp: false,
  natUpnp: false,
  torrentPort: role === 'seed' ? Number(port) : 0,
  tracker: false,
  utp: false,
  webSeeds: false,
});
client.on('error', (error) => {
  console.error(error);
  process.exit(1);
});
const torrent = client.add(torrentPath, { path: folder });
torrent.on('done', () => {
  if (role === 'leech') process.exit(0);
  console.log('ready');
});
if (role === 'leech') torrent.on('infoHash', () => torrent.addPeer(`127.0.0.1:${port}`));
