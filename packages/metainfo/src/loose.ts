/** Reads what a torrent may say around its info dict: what is not of the right type is left out. */
import { Scanner } from '@shoal/bencode';
import { MAX_URLS } from './limits.ts';

/** The string, or undefined for any other value. */
export function looseText(bytes: Uint8Array | undefined): string | undefined {
  const scanner = scannerOf(bytes);
  return scanner?.type() === 'string' ? scanner.text() : undefined;
}

/** The integer when it is a number 0 or above, or undefined. */
export function looseCount(bytes: Uint8Array | undefined): number | undefined {
  const scanner = scannerOf(bytes);
  if (scanner?.type() !== 'integer') return undefined;
  const value = scanner.value();
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

/** The strings of a list, or a lone string: the first 1,000 of them. */
export function looseTexts(bytes: Uint8Array | undefined): string[] {
  const scanner = scannerOf(bytes);
  return scanner === undefined ? [] : textsOf(scanner, MAX_URLS);
}

/** The strings of each list of a list: the first 1,000 of them together. */
export function looseTextLists(bytes: Uint8Array | undefined): string[][] {
  const scanner = scannerOf(bytes);
  const lists: string[][] = [];
  let left = MAX_URLS;
  if (scanner?.type() !== 'list') return lists;
  scanner.list(() => {
    const texts = textsOf(scanner, left);
    left -= texts.length;
    if (texts.length > 0) lists.push(texts);
  });
  return lists;
}

function textsOf(scanner: Scanner, limit: number): string[] {
  const texts: string[] = [];
  const take = (): void => {
    if (texts.length < limit && scanner.type() === 'string') texts.push(scanner.text());
    else scanner.skip();
  };
  if (limit > 0 && scanner.type() === 'list') scanner.list(take);
  else take();
  return texts;
}

/** The bytes were checked with the whole torrent, so its limits hold for them. */
function scannerOf(bytes: Uint8Array | undefined): Scanner | undefined {
  if (bytes === undefined) return undefined;
  const { length } = bytes;
  return new Scanner(bytes, {
    allowUnsortedKeys: true,
    maxLength: length,
    maxItems: length,
    maxDepth: length,
  });
}
