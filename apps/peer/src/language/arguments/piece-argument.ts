/** Pieces: an index, the pieces of a `FILE`, or the n-th of them, `FILE#n`. Counted from 0. */
import type { FileSnapshot } from '@shoal/engine';
import { type Argument, oneWord } from '../argument.ts';
import { CommandError } from '../command-error.ts';
import { fileCandidates, findFile, refuseFile } from './file-argument.ts';

/** Which pieces, ascending, at least one. */
export type PieceIndexes = readonly number[];

export const pieceArgument: Argument<PieceIndexes> = oneWord({
  usage: 'PIECE',
  async read(word, context) {
    const { files, pieceCount } = await context.content();
    if (/^\d{1,9}$/.test(word)) return [demandPiece(Number(word), pieceCount)];
    const whole = findFile(files, word);
    if (whole !== undefined) return piecesOf(whole);
    const [, path, number] = /^(.+)#(\d{1,9})$/.exec(word) ?? [];
    const file = path === undefined ? undefined : findFile(files, path);
    return file === undefined ? refuseFile(path ?? word) : [pieceOf(file, Number(number))];
  },
  complete: fileCandidates,
});

function demandPiece(index: number, pieceCount: number): number {
  if (index < pieceCount) return index;
  throw new CommandError(
    'bad-argument',
    `There is no piece ${index}`,
    `pieces are 0-${pieceCount - 1}`,
  );
}

function piecesOf({ path, firstPiece, lastPiece }: FileSnapshot): PieceIndexes {
  if (lastPiece < firstPiece)
    throw new CommandError('bad-argument', `${path} is empty`, 'it has no pieces');
  return Array.from({ length: lastPiece - firstPiece + 1 }, (_, at) => firstPiece + at);
}

function pieceOf(file: FileSnapshot, number: number): number {
  const pieces = piecesOf(file);
  const index = pieces[number];
  if (index !== undefined) return index;
  throw new CommandError(
    'bad-argument',
    `${file.path} has no piece ${number}`,
    `its pieces are #0-#${pieces.length - 1}`,
  );
}
