/** Examples below the flags of each command's help. */
import type { Command } from 'commander';

/** A command line without `shoal`, and what it does. */
type Example = readonly [line: string, does: string];

/** By the name of the command; `shoal` itself is the first. */
const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  shoal: [
    ['movie.torrent -o ~/Downloads', 'fetch it, on a screen'],
    ["'magnet:?xt=urn:btih:...' ~/torrents", 'a magnet, and all .torrent files of a folder'],
    ['--share ~/Movies --commands lines.txt', 'run commands from a file, no screen'],
  ],
  get: [
    ['get movie.torrent -o ~/Downloads', 'end when it is complete'],
    ['get album.torrent --select 1-3,5', 'these files of it alone'],
    ['get --watch ~/torrents --seed-ratio 2', 'what appears there, until each gave twice its size'],
  ],
  create: [
    ['create ./album -t http://192.0.2.7:6969/announce', 'writes album.torrent'],
    ['create big.iso -t URL -t URL --piece-length 1M', 'two trackers, larger pieces'],
    ['create ./album --private -t URL -o x.torrent', 'peers from that tracker alone'],
  ],
  show: [
    ['show album.torrent', 'name, infohash, files, trackers, magnet'],
    ['show album.torrent --json', 'the same for a program'],
  ],
  verify: [
    ['verify album.torrent ~/Downloads', 'which pieces are good, bad, missing'],
    ['verify album.torrent ~/Downloads >/dev/null && echo good', 'the exit code alone'],
  ],
  split: [
    ['split big.iso', 'chunks of 1M in big.iso.parts'],
    ['split big.iso --chunk-length 256K -o chunks', 'smaller ones, in another folder'],
  ],
  merge: [
    ['merge big.iso.parts', 'big.iso again, every hash checked'],
    ['merge ~/Downloads/album.parts -o ~/Music', 'what --store chunks has kept'],
  ],
};

/** Below the flags of the program and of each of its commands. */
export function addExamples(program: Command): void {
  for (const command of [program, ...program.commands]) {
    const examples = EXAMPLES[command.name()] ?? [];
    const lines = examples.flatMap(([line, does]) => [`  shoal ${line}`, `      ${does}`]);
    if (lines.length > 0) command.addHelpText('after', ['', 'Examples:', ...lines].join('\n'));
  }
}
