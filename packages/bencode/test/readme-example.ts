import { BencodeError, DictReader, decode, encode, rawSpan } from '@shoal/bencode';

const torrent = encode({ announce: 'udp://t.example:1', info: { length: 5, name: 'hello' } });

// Only the canonical form of a value is taken; integers are exact, dicts are Maps.
const reader = DictReader.of(decode(torrent));
console.log(reader.text('announce'), reader.dict('info').integer('length', { min: 0 }));

// The bytes of a value as they were found: an infohash is over these.
const { start, end } = rawSpan(torrent, 'info')!;
console.log(Buffer.from(torrent.subarray(start, end)).toString());

try {
  reader.dict('info').list('files');
} catch (error) {
  if (error instanceof BencodeError) console.log(error.code, '-', error.message);
}
