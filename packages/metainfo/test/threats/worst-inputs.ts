/** Bytes that cost a reader as much as they can: each about as long as the 10 MB that are taken. */

const LENGTH = 10_000_000;
/** Three bytes that become twelve when marks are told apart from letters. */
const LETTER = 'ᾂ';

/** What one of them is, made when it is needed. */
export interface WorstInput {
  readonly name: string;
  /** `bencode`: values are built of it; `torrent`: it is read as one. */
  readonly readAs: 'bencode' | 'torrent';
  /** The code of the error that must come; undefined where it is read. */
  readonly code: string | undefined;
  readonly bytes: () => Uint8Array;
}

/** The cheapest first: memory is seen only where it passes what those before took. */
export const WORST_INPUTS: readonly WorstInput[] = [
  {
    ...{ name: 'nothing but lists', readAs: 'bencode', code: 'too-deep' },
    bytes: () => new Uint8Array(LENGTH).fill('l'.charCodeAt(0)),
  },
  {
    ...{ name: 'a string of 99,999,999 bytes that ends early', readAs: 'bencode' },
    code: 'truncated',
    bytes: () => latin1('99999999:'.padEnd(LENGTH)),
  },
  {
    ...{ name: 'two million pieces claimed', readAs: 'torrent', code: 'truncated' },
    bytes: () => torrent(`6:lengthi2000000e${RESTS}6:pieces40000000:`.padEnd(LENGTH - 100)),
  },
  {
    ...{ name: 'as many pieces as have room', readAs: 'torrent', code: undefined },
    bytes: () => torrent(`6:lengthi499000e4:name1:n12:piece lengthi1e${pieces(499_000)}`),
  },
  {
    ...{ name: 'integers of a thousand digits', readAs: 'torrent', code: undefined },
    bytes: () =>
      torrent(`6:lengthi1e${RESTS}${pieces(1)}1:zl${`i${'9'.repeat(998)}e`.repeat(9_900)}e`),
  },
  {
    ...{ name: 'a million files that are empty dicts', readAs: 'torrent', code: 'too-many-files' },
    bytes: () => torrent(`${files(['de'.repeat(1_000_000)])}${RESTS}${pieces(1)}`),
  },
  {
    ...{ name: 'as many files as have room', readAs: 'torrent', code: 'too-many-files' },
    bytes: () =>
      torrent(`${files(['d6:lengthi0e4:pathl1:aee'.repeat(410_000)])}${RESTS}${pieces(1)}`),
  },
  {
    ...{ name: 'more than 500 files of one name', readAs: 'torrent', code: 'too-many-collisions' },
    bytes: () =>
      torrent(`${files(['d6:lengthi1e4:pathl1:aee'.repeat(130_000)])}${RESTS}${pieces(8)}`),
  },
  {
    ...{ name: 'folders a hundred deep', readAs: 'torrent', code: 'too-many-files' },
    bytes: () => torrent(`${files(numbered(3_000, (n) => [n, ...DEEP]))}${RESTS}${pieces(1)}`),
  },
  {
    ...{ name: 'every file that is taken, named beyond ASCII', readAs: 'torrent', code: undefined },
    bytes: () =>
      torrent(`${files(numbered(131_072, (n) => [LETTER.repeat(13) + n]))}${RESTS}${pieces(8)}`),
  },
];

/** Name and piece length, as most of them have it. */
const RESTS = '4:name1:n12:piece lengthi16384e';
const DEEP: readonly string[] = new Array(98).fill('x'.repeat(28));

function torrent(members: string): Uint8Array {
  return latin1(`d4:infod${members}ee`);
}

function files(entries: readonly string[]): string {
  return `5:filesl${entries.join('')}e`;
}

/** Entries of one byte each. */
function numbered(count: number, path: (n: string) => readonly string[]): string[] {
  return Array.from({ length: count }, (_, index) => {
    const names = path(String(index)).map((name) => {
      const bytes = Buffer.from(name).toString('latin1');
      return `${bytes.length}:${bytes}`;
    });
    return `d6:lengthi1e4:pathl${names.join('')}ee`;
  });
}

function pieces(count: number): string {
  return `6:pieces${count * 20}:${'h'.repeat(count * 20)}`;
}

function latin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}
