/** `/request_download`: a piece from one peer, now. */
import type { FileSnapshot, TorrentHandle } from '@shoal/engine';
import { formatPeerAddress, type PeerAddress } from '@shoal/units';
import { type Answer, type Answers, reporting, say, saySoFar } from '../answer.ts';
import { peerArgument } from '../arguments/peer-argument.ts';
import { pieceArgument } from '../arguments/piece-argument.ts';
import { command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { CommandError } from '../command-error.ts';
import { ME, nameOf } from '../text/peer-text.ts';

/** A peer that has sent nothing of the piece for so long is given up. */
const STALL_MS = 60_000;
/** A peer that chokes no longer than this is not worth a line. */
const CHOKED_MS = 1_000;

export const requestDownload = command({
  name: 'request_download',
  section: 'peers',
  summary: 'asks that peer for a piece (index, FILE or FILE#PIECE) ahead of everything else',
  answers:
    'progress, then `Peer[IP:PORT] uploaded piece N to Peer[me]`; `Peer[IP:PORT] does not have piece N`; waits while it is choked, and says so',
  examples: ['/request_download 192.0.2.7 6881 12', '/request_download 192.0.2.7:6881 a.bin#0'],
  arguments: [peerArgument, pieceArgument],
  async *run(context, address, pieces) {
    const torrent = context.runningTorrent();
    const { files } = await context.content();
    for (const index of pieces) {
      demandWanted(files, index);
      yield* requestPiece(context, torrent, address, index);
    }
  },
});

/** Only pieces of selected files are fetched. @throws CommandError `not-now` */
function demandWanted(files: readonly FileSnapshot[], index: number): void {
  const isWanted = files.some(
    ({ firstPiece, lastPiece, priority }) =>
      priority !== 'off' && firstPiece <= index && index <= lastPiece,
  );
  if (isWanted) return;
  const what = `Piece ${index} belongs to no file that is selected`;
  throw new CommandError('not-now', what, 'select its file first with /select');
}

async function* requestPiece(
  context: CommandContext,
  torrent: TorrentHandle,
  address: PeerAddress,
  index: number,
): Answers {
  const { byHand } = torrent;
  const fields = { address: formatPeerAddress(address), piece: index };
  if (byHand.pieceState(index).state === 'have') {
    yield say(`Piece ${index} is here already`, { ...fields, isHere: true });
    return;
  }
  const stalled = new AbortController();
  const signal = AbortSignal.any([context.signal, stalled.signal]);
  const { clock } = context.host;
  try {
    yield* reporting(async (report) => {
      const watch = new Watch(clock.nowMs());
      const handleProgress = (received: number, all: number, isChoked: boolean): void => {
        const { answer, isStalled } = watch.look(clock.nowMs(), {
          address,
          index,
          received,
          all,
          isChoked,
        });
        if (answer !== undefined) report(answer);
        if (isStalled) stalled.abort();
      };
      await byHand.requestPiece(address, index, handleProgress, signal);
    });
  } catch (error) {
    if (!stalled.signal.aborted || context.signal.aborted) throw error;
    const what = `${nameOf(address)} sent nothing of piece ${index} for ${STALL_MS / 1000} s`;
    throw new CommandError('failed', what, 'ask another peer', error);
  }
  yield say(`${nameOf(address)} uploaded piece ${index} to ${ME}`, fields);
}

interface Look {
  readonly address: PeerAddress;
  readonly index: number;
  /** Blocks. */
  readonly received: number;
  readonly all: number;
  readonly isChoked: boolean;
}

/** Says what is new since the last look. Times in milliseconds. */
class Watch {
  #movedAtMs: number;
  #received = 0;
  #chokedAtMs: number | undefined;
  #saidChoked = false;

  constructor(nowMs: number) {
    this.#movedAtMs = nowMs;
  }

  look(
    nowMs: number,
    { address, index, received, all, isChoked }: Look,
  ): {
    readonly answer: Answer | undefined;
    readonly isStalled: boolean;
  } {
    const hasMoved = received !== this.#received;
    if (hasMoved) this.#movedAtMs = nowMs;
    this.#received = received;
    this.#chokedAtMs = isChoked ? (this.#chokedAtMs ?? nowMs) : undefined;
    const isStalled = nowMs - this.#movedAtMs > STALL_MS;
    if (
      this.#chokedAtMs !== undefined &&
      nowMs - this.#chokedAtMs >= CHOKED_MS &&
      !this.#saidChoked
    ) {
      this.#saidChoked = true;
      const text = `${nameOf(address)} chokes ${ME}; waiting until it unchokes`;
      return { answer: say(text, { address: formatPeerAddress(address), isChoked }), isStalled };
    }
    const answer = hasMoved
      ? saySoFar(`${nameOf(address)} has sent ${received} of ${all} blocks of piece ${index}`, {
          piece: index,
          receivedCount: received,
          blockCount: all,
        })
      : undefined;
    return { answer, isStalled };
  }
}
