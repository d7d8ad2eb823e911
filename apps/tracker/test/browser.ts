/** A WebTorrent client as far as a tracker can tell: announces, and answers every offer. */
import { once } from 'node:events';

const INFO_HASH = '\u0001'.repeat(20);

export interface Browser {
  readonly socket: WebSocket;
  /** Answers that came for its offers. */
  readonly answerCount: number;
  /** Announces to torrent 1. @param offers - their names */
  announce(offers: readonly string[]): void;
}

/** @param address - `HOST:PORT` of the tracker; every one gets a connection of its own */
export async function openBrowser(address: string, index: number): Promise<Browser> {
  const socket = new WebSocket(`ws://${address}/`);
  await once(socket, 'open');
  const ids = { info_hash: INFO_HASH, peer_id: `-WW0001-${String(index).padStart(12, '0')}` };
  const send = (members: object): void =>
    socket.send(JSON.stringify({ action: 'announce', ...ids, ...members }));
  let answerCount = 0;
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Record<string, unknown>;
    if (message.answer !== undefined) answerCount++;
    if (message.offer === undefined) return;
    const { offer_id, peer_id } = message;
    send({ to_peer_id: peer_id, offer_id, answer: { type: 'answer', sdp: 'yes' } });
  });
  return {
    socket,
    get answerCount() {
      return answerCount;
    },
    announce: (names) =>
      send({
        ...{ uploaded: 0, downloaded: 0, left: 1, numwant: names.length },
        offers: names.map((name) => ({
          offer_id: name,
          offer: { type: 'offer', sdp: `sdp of ${name}` },
        })),
      }),
  };
}
