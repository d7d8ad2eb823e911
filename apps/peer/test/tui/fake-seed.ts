/** What fake torrents begin with. */
import type { TorrentStatusName, TrackerSnapshot, TrackerTrouble } from '@shoal/engine';

/** What a fake torrent begins with. Lengths in bytes, rates in bytes a second. */
export interface FakeSeed {
  readonly name: string;
  readonly status: TorrentStatusName;
  readonly totalLength: number;
  /** 0..1 of the pieces. */
  readonly have: number;
  readonly downBytesPerS: number;
  readonly upBytesPerS: number;
  readonly peerCount: number;
  readonly files?: readonly string[];
  readonly error?: string;
  readonly trackerTrouble?: TrackerTrouble;
  readonly addedAtMs?: number;
  readonly trackers?: readonly TrackerSnapshot[];
  readonly clients?: readonly string[];
  readonly log?: readonly string[];
}

const GIB = 2 ** 30;
const MIB = 2 ** 20;

/** A list as people have it. */
export const LIVELY_SEEDS: readonly FakeSeed[] = [
  {
    name: 'debian-13.1.0-amd64-netinst.iso',
    status: 'downloading',
    totalLength: 692 * MIB,
    have: 0.41,
    downBytesPerS: 9.4 * MIB,
    upBytesPerS: 1.1 * MIB,
    peerCount: 14,
  },
  {
    name: 'Sintel (2010) 4K',
    status: 'downloading',
    totalLength: 5.21 * GIB,
    have: 0.78,
    downBytesPerS: 3.1 * MIB,
    upBytesPerS: 640 * 1024,
    peerCount: 9,
    files: [
      'Sintel (2010) 4K/Sintel.2010.4k.mkv',
      'Sintel (2010) 4K/Extras/Making of Sintel.mkv',
      'Sintel (2010) 4K/Extras/Storyboards.zip',
      'Sintel (2010) 4K/Subtitles/Sintel.de.srt',
      'Sintel (2010) 4K/Subtitles/Sintel.en.srt',
      'Sintel (2010) 4K/Subtitles/Sintel.ja.srt',
      'Sintel (2010) 4K/Soundtrack/01 - Snow Fight.flac',
      'Sintel (2010) 4K/Soundtrack/02 - Sintel Theme.flac',
      'Sintel (2010) 4K/README.txt',
    ],
  },
  {
    name: 'Project Gutenberg, all of it (2026-04)',
    status: 'seeding',
    totalLength: 61.4 * GIB,
    have: 1,
    downBytesPerS: 0,
    upBytesPerS: 2.3 * MIB,
    peerCount: 23,
  },
  {
    name: 'enwiki-20260501-pages-articles.xml.bz2',
    status: 'checking',
    totalLength: 22.9 * GIB,
    have: 0.9,
    downBytesPerS: 0,
    upBytesPerS: 0,
    peerCount: 0,
  },
  {
    name: '国会図書館デジタルコレクション 浮世絵',
    status: 'paused',
    totalLength: 3.07 * GIB,
    have: 0.22,
    downBytesPerS: 0,
    upBytesPerS: 0,
    peerCount: 0,
  },
  {
    name: 'LibreOffice_26.2.1_Linux_x86-64_deb.tar.gz',
    status: 'seeding',
    totalLength: 204 * MIB,
    have: 1,
    downBytesPerS: 0,
    upBytesPerS: 96 * 1024,
    peerCount: 4,
  },
  {
    name: 'NASA Apollo 11 magazine scans',
    status: 'error',
    error: 'cannot write NASA Apollo 11 magazine scans/AS11-40-5874.tif: the disk is full',
    totalLength: 18.6 * GIB,
    have: 0.64,
    downBytesPerS: 0,
    upBytesPerS: 0,
    peerCount: 0,
  },
];
