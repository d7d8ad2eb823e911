/** `/check_chunk`: where a piece stands, and whether what lies on disk is right. */
import { formatNumberRanges } from '@shoal/cli';
import type { TorrentHandle } from '@shoal/engine';
import { type Answers, say, saySoFar } from '../answer.ts';
import { pieceArgument } from '../arguments/piece-argument.ts';
import { command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { nameOf } from '../text/peer-text.ts';

export const checkChunk = command({
  name: 'check_chunk',
  section: 'me',
  summary: 'says where a piece stands, and hashes it again if it is here',
  answers: 'have, missing, or being fetched and from whom',
  examples: ['/check_chunk 12', '/check_chunk a.bin', '/check_chunk a.bin#0'],
  arguments: [pieceArgument],
  async *run(context, pieces) {
    const torrent = context.torrent();
    if (pieces.length === 1) yield* checkOne(torrent, pieces[0]!);
    else yield* checkMany(torrent, pieces, context.signal);
  },
});

async function* checkOne(torrent: TorrentHandle, index: number): Answers {
  const piece = torrent.byHand.pieceState(index);
  const fields = { piece: index, ...piece };
  switch (piece.state) {
    case 'missing':
      yield say(`Piece ${index} is missing`, fields);
      return;
    case 'verifying':
      yield say(`Piece ${index} has come and is being verified`, fields);
      return;
    case 'fetching': {
      const from = piece.sources.map(nameOf).join(', ');
      const blocks = `${piece.receivedCount} of ${piece.blockCount} blocks are here`;
      const whence = from === '' ? '' : ` from ${from}`;
      yield say(`Piece ${index} is being fetched${whence}; ${blocks}`, fields);
      return;
    }
    case 'have':
      if (!(await torrent.byHand.recheckPiece(index))) throw damaged(`Piece ${index} was`);
      yield say(`Piece ${index} is here and its hash is right`, fields);
  }
}

/** The pieces of a file: in sum, because they may be thousands. */
async function* checkMany(
  torrent: TorrentHandle,
  pieces: readonly number[],
  signal: AbortSignal,
): Answers {
  const found = { right: [], damaged: [], missing: [], fetching: [] } as Record<string, number[]>;
  for (const [at, index] of pieces.entries()) {
    signal.throwIfAborted();
    yield saySoFar(`checked ${at} of ${pieces.length} pieces`);
    const { state } = torrent.byHand.pieceState(index);
    if (state === 'missing') found.missing!.push(index);
    else if (state !== 'have') found.fetching!.push(index);
    else if (await torrent.byHand.recheckPiece(index)) found.right!.push(index);
    else found.damaged!.push(index);
  }
  const counts = [
    `${found.right!.length} of ${pieces.length} pieces are here and their hashes are right`,
    ...listed('missing', found.missing!),
    ...listed('being fetched', found.fetching!),
  ];
  yield say(counts.join('; '), found);
  if (found.damaged!.length > 0)
    throw damaged(`Of the pieces, ${formatNumberRanges(found.damaged!)} were`);
}

function listed(word: string, indexes: readonly number[]): string[] {
  return indexes.length === 0 ? [] : [`${word}: ${formatNumberRanges(indexes)}`];
}

function damaged(what: string): CommandError {
  return new CommandError('damaged', `${what} damaged on disk`, 'they are fetched again');
}
