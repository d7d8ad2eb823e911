/** `/upload`: a piece offered to one peer. */
import { formatByteSize, formatNumberRanges } from '@shoal/cli';
import { formatPeerAddress } from '@shoal/units';
import { say } from '../answer.ts';
import { peerArgument } from '../arguments/peer-argument.ts';
import { pieceArgument } from '../arguments/piece-argument.ts';
import { command } from '../command.ts';
import type { CommandContext } from '../command-context.ts';
import { ME, nameOf } from '../text/peer-text.ts';

/** The peer has taken what it wants when it took nothing for so long. */
const QUIET_MS = 3_000;
/** Some clients (Transmission) look only every ten seconds whether a peer has what they want. */
const FIRST_MS = 11_000;
const LOOK_EVERY_MS = 100;

export const upload = command({
  name: 'upload',
  section: 'peers',
  summary: 'unchokes that peer and suggests the piece to it (BEP 6)',
  answers: '`Peer[me] offers piece N to Peer[IP:PORT]`, then how much of it was taken',
  examples: ['/upload 192.0.2.7 6881 12'],
  arguments: [peerArgument, pieceArgument],
  async *run(context, address, pieces) {
    const torrent = context.runningTorrent();
    await context.content();
    const { layout } = torrent.info!;
    const offers = pieces.map((index) => torrent.byHand.offerPiece(address, index));
    const fields = { address: formatPeerAddress(address), pieces };
    const what = `${pieces.length === 1 ? 'piece' : 'pieces'} ${formatNumberRanges(pieces)}`;
    yield say(`${ME} offers ${what} to ${nameOf(address)}`, fields);
    const takenLength = (): number => offers.reduce((sum, taken) => sum + taken(), 0);
    const hasAll = torrent.byHand.findPeer(address)?.progress === 1;
    const offeredLength = pieces.reduce(
      (sum, index) => sum + layout.lengthOf(layout.pieceIndex(index)!),
      0,
    );
    const enough = hasAll ? 0 : offeredLength;
    const length = await settled(context, takenLength, enough);
    yield say(`${nameOf(address)} took ${formatByteSize(length)}`, {
      ...fields,
      takenLength: length,
    });
  },
});

/** What it took when it has enough or wants no more, in bytes. */
async function settled(
  context: CommandContext,
  takenLength: () => number,
  enough: number,
): Promise<number> {
  const { clock } = context.host;
  let length = takenLength();
  for (let movedAtMs = clock.nowMs(); length < enough; ) {
    const patienceMs = length === 0 ? FIRST_MS : QUIET_MS;
    if (clock.nowMs() - movedAtMs >= patienceMs) break;
    await context.sleep(LOOK_EVERY_MS);
    const now = takenLength();
    if (now !== length) movedAtMs = clock.nowMs();
    length = now;
  }
  return length;
}
