/** bittorrent-tracker from npm, HTTP and UDP on one port of 127.0.0.1, with its own defaults. */
import { loadRival } from '../rivals.ts';

/** The little of it that is used. */
interface TrackerModule {
  readonly Server: new (options: object) => TrackerServer;
}
interface TrackerServer {
  listen(port: number, hostnames: object, onListening: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
}

const port = Number(process.argv[2]);
const { Server } = await loadRival<TrackerModule>('bittorrent-tracker');
const server = new Server({ http: true, udp: true, ws: false, stats: false });
server.on('error', (error) => {
  console.error(error);
  process.exit(1);
});
const here = { http: '127.0.0.1', udp: '127.0.0.1', udp6: '::1' };
server.listen(port, here, () => console.log('ready'));
