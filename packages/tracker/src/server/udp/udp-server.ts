/** The UDP socket of the tracker: hands packets to the responder and sends what it answers. */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import type { Clock, PeerAddress } from '@shoal/units';
import { parseIp, peerAddressFromBytes } from '@shoal/units';
import { readIp } from '../ip-text.ts';
import { listenError } from '../listen-error.ts';
import { MAX_UDP_ANSWER_LENGTH, type UdpResponder } from './udp-responder.ts';

/** The system's buffers, in bytes: what arrives or leaves while a slice of other work runs. */
const SOCKET_BUFFER_LENGTH = 4 * 1_024 * 1_024;

/** One bound socket. */
export class UdpServer {
  readonly address: PeerAddress;
  readonly #socket: Socket;

  /**
   * Binds and starts to answer.
   * @param host - an IP address; port 0 takes a free one
   * @param sharesPort - other processes of this user may listen there too, and each gets its part
   * @throws TrackerError `port-taken`, `cannot-listen`
   */
  static async listen(
    host: string,
    port: number,
    responder: UdpResponder,
    clock: Clock,
    sharesPort = false,
  ): Promise<UdpServer> {
    const isIpv6 = host.includes(':');
    const socket = createSocket({
      type: isIpv6 ? 'udp6' : 'udp4',
      ipv6Only: isIpv6,
      reusePort: sharesPort,
      // Answers go to addresses, never to names: nothing is looked up.
      lookup: (address, _options, found) => found(null, address, isIpv6 ? 6 : 4),
    });
    await new Promise<void>((resolve, reject) => {
      const fail = (error: Error): void => {
        socket.close();
        reject(listenError(error, 'UDP', host, port));
      };
      socket.once('error', fail);
      socket.bind(port, host, () => {
        socket.off('error', fail);
        resolve();
      });
    });
    return new UdpServer(socket, responder, clock);
  }

  private constructor(socket: Socket, responder: UdpResponder, clock: Clock) {
    const { address, port } = socket.address();
    this.#socket = socket;
    this.address = peerAddressFromBytes(parseIp(address)!, port);
    for (const grow of ['setRecvBufferSize', 'setSendBufferSize'] as const)
      socket[grow](SOCKET_BUFFER_LENGTH);
    const into = Buffer.alloc(MAX_UDP_ANSWER_LENGTH);
    const { announce, counts, answerTimes } = responder;
    socket.on('message', (packet: Buffer, from: RemoteInfo) => {
      counts.receivedLength += packet.length;
      const family = readIp(from.address, announce.peer);
      // Nothing can be sent to port 0: Node throws. Who has it is made up.
      if (family === 0 || from.port === 0) {
        counts.drops++;
        return;
      }
      announce.family = family;
      const nowMs = clock.nowMs();
      announce.nowMs = nowMs;
      const length = responder.answer(packet, into);
      // While the system's buffer is full Node keeps a reference to ours: such answers are lost.
      if (length === 0 || socket.getSendQueueCount() > 0) return;
      socket.send(into, 0, length, from.port, from.address);
      counts.sentLength += length;
      answerTimes.add(clock.nowMs() - nowMs);
    });
    // A send that fails (no route, no buffer) is a lost packet, which UDP allows.
    socket.on('error', () => {});
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#socket.close(() => resolve()));
  }
}
