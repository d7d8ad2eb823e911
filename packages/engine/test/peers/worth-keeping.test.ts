import { seededRandom } from '@shoal/testkit';
import { formatPeerAddress, type PeerAddress, parsePeerAddress } from '@shoal/units';
import { expect, test } from 'vitest';
import { PeerPool } from '../../src/peers/peer-pool.ts';
import { worthKeeping } from '../../src/peers/worth-keeping.ts';
import type { SourcedPeer } from '../../src/state/resume.ts';

const at = (text: string): PeerAddress => parsePeerAddress(text, 6881)!;
const names = (peers: readonly SourcedPeer[]): string[] =>
  peers.map(({ address, source }) => `${formatPeerAddress(address)} ${source}`);

/** A pool of 10.0.0.1 and so on, named by the tracker. */
function poolOf(count: number): PeerPool {
  const pool = new PeerPool({ random: seededRandom(1) });
  for (let n = 1; n <= count; n++) pool.add(at(`10.0.${n >> 8}.${n & 255}`), 'tracker', 0);
  return pool;
}

test("the user's addresses come first, then connected peers, then the others", () => {
  const pool = poolOf(3);
  pool.keep(at('10.9.9.9'));
  const connected = [
    { listenAddress: at('10.0.0.2'), source: 'incoming' },
    { listenAddress: undefined, source: 'incoming' },
    { listenAddress: at('10.8.8.8'), source: 'pex' },
  ] as const;
  expect(names(worthKeeping(pool, connected, 10))).toEqual([
    '10.9.9.9:6881 manual',
    '10.0.0.2:6881 tracker',
    '10.8.8.8:6881 pex',
    '10.0.0.1:6881 tracker',
    '10.0.0.3:6881 tracker',
  ]);
});

test('no more are gathered than were asked for', () => {
  const pool = poolOf(2_000);
  let read = 0;
  function* connected() {
    for (let n = 1; n <= 60; n++) {
      read++;
      yield { listenAddress: at(`10.1.0.${n}`), source: 'incoming' } as const;
    }
  }
  expect(worthKeeping(pool, connected(), 200)).toHaveLength(200);
  expect(read).toBe(60);
  expect(worthKeeping(pool, connected(), 20)).toHaveLength(20);
  expect(read).toBe(81);
  expect(worthKeeping(pool, [], 0)).toEqual([]);
});
