import type { TorrentSummary } from '@shoal/engine';
import { describe, expect, it } from 'vitest';
import { formatTransferLine } from '../src/transfer-line.ts';

const summary: TorrentSummary = {
  infoHash: 'ab'.repeat(20),
  name: 'reef',
  status: 'downloading',
  error: undefined,
  totalLength: 64 * 1024 * 1024,
  wantedLength: 64 * 1024 * 1024,
  haveLength: 32 * 1024 * 1024,
  checkedFraction: 0,
  pieceCount: 256,
  havePieceCount: 128,
  downloaded: 0,
  uploaded: 0,
  downBytesPerS: 16 * 1024 * 1024,
  upBytesPerS: 1024,
  etaS: 2,
  ratio: 0,
  peerCount: 1,
  seederCount: 1,
  knownPeerCount: 1,
  fileCount: 1,
  wantedFileCount: 1,
  trackerTrouble: undefined,
  isUnchecked: false,
  isPrivate: false,
  addedAtMs: 0,
};

describe('the progress line', () => {
  it('has how much, how fast, from how many and how long', () => {
    expect(formatTransferLine([summary], 119)).toMatch(
      /^\[.{24}\] 50\.0 % {2}32\.0 MiB of 64\.0 MiB {2}down 16\.0 MiB\/s {2}up 1\.0 KiB\/s {2}1 peer {2}2\.0 s left$/,
    );
  });

  it('adds several torrents up', () => {
    const done = { ...summary, haveLength: summary.wantedLength, etaS: undefined, peerCount: 2 };
    expect(formatTransferLine([summary, done], 119)).toMatch(/75\.0 % .* 3 peers {2}2\.0 s left$/);
  });

  it('says what is waited for', () => {
    const metadata = { ...summary, status: 'metadata', wantedLength: 0 } as const;
    expect(formatTransferLine([metadata], 119)).toMatch(/^asking peers for the metadata/);
    const checking = { ...summary, status: 'checking', checkedFraction: 0.25 } as const;
    expect(formatTransferLine([checking], 119)).toMatch(/^checking 25\.0 %/);
    const seeding = { ...summary, status: 'seeding', etaS: undefined } as const;
    expect(formatTransferLine([seeding], 119)).toMatch(/seeding$/);
  });

  it('leaves out what is worth least where it does not fit, and cuts nothing', () => {
    const lines = [119, 79, 60, 50, 40, 20].map((width) =>
      formatTransferLine([summary], width).replace(/[█░#-]+/, (bar) => String(bar.length)),
    );
    expect(lines).toEqual([
      '[24] 50.0 %  32.0 MiB of 64.0 MiB  down 16.0 MiB/s  up 1.0 KiB/s  1 peer  2.0 s left',
      '[11] 50.0 %  32.0 MiB of 64.0 MiB  down 16.0 MiB/s  1 peer  2.0 s left',
      '50.0 %  32.0 MiB of 64.0 MiB  down 16.0 MiB/s  2.0 s left',
      '50.0 %  down 16.0 MiB/s  2.0 s left',
      '50.0 %  down 16.0 MiB/s  2.0 s left',
      '50.0 %  2.0 s left',
    ]);
    for (let width = 20; width < 130; width++)
      expect(formatTransferLine([summary], width).length).toBeLessThanOrEqual(width);
  });
});
