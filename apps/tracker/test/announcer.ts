/** Announces over HTTP, each on a connection of its own: whoever shares the port may get it. */
import { get } from 'node:http';
import { type AnnounceResponse, decodeAnnounceResponse } from '@shoal/tracker/protocol';

export interface Client {
  readonly torrent: number;
  readonly port: number;
  readonly left?: number;
  readonly uploaded?: number;
  readonly event?: 'started' | 'stopped' | 'completed';
}

/**
 * @param address - `HOST:PORT` of the tracker, in private mode with `/PASSKEY` behind it
 * @throws the system's error when nobody answers
 */
export function announce(address: string, client: Client): Promise<AnnounceResponse> {
  const { torrent, port, left = 1, uploaded = 0, event } = client;
  const infoHash = `%${torrent.toString(16).padStart(2, '0')}`.repeat(20);
  const query =
    `info_hash=${infoHash}&peer_id=-TT0001-${String(port).padStart(12, '0')}&port=${port}` +
    `&uploaded=${uploaded}&downloaded=0&left=${left}&compact=1&numwant=200${event ? `&event=${event}` : ''}`;
  return new Promise((resolve, reject) => {
    const request = get(`http://${address}/announce?${query}`, { agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (bytes: Buffer) => parts.push(bytes));
      response.on('error', reject);
      response.on('end', () => {
        try {
          resolve(decodeAnnounceResponse(Buffer.concat(parts)));
        } catch (error) {
          reject(error);
        }
      });
    });
    request.on('error', reject);
  });
}
