import { seededRandom } from '@shoal/testkit';
import { formatPeerAddress, type PeerAddress, parsePeerAddress } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Parting, PeerPool } from '../../src/peers/peer-pool.ts';
import type { PeerSource } from '../../src/state/snapshot.ts';

const HOUR_MS = 3_600_000;

function at(text: string): PeerAddress {
  return parsePeerAddress(text, 6881)!;
}

function poolOf(...hosts: string[]): PeerPool {
  const pool = new PeerPool({ random: seededRandom(1) });
  for (const host of hosts) pool.add(at(host), 'tracker', 0);
  return pool;
}

/** Every address that is ready, in the order in which they would be dialled. */
function ready(pool: PeerPool, nowMs: number): string[] {
  const hosts: string[] = [];
  for (let next = pool.next(nowMs); next !== undefined; next = pool.next(nowMs))
    hosts.push(next.host);
  return hosts;
}

/** Fails every dial of the only address; the waits between them in seconds. */
function waitsS(pool: PeerPool, count: number): number[] {
  const waits: number[] = [];
  for (let nowMs = 0; waits.length < count; ) {
    const address = pool.next(nowMs)!;
    pool.failed(address, nowMs);
    const readyAtMs = pool.nextReadyAtMs(nowMs);
    if (readyAtMs === undefined) break;
    waits.push((readyAtMs - nowMs) / 1000);
    nowMs = readyAtMs;
  }
  return waits;
}

describe('once our own address is known', () => {
  test('equals are dialled by their canonical priority, the highest first (BEP 40)', () => {
    const pool = poolOf('98.76.54.32', '123.213.32.10', '123.213.32.234', '5.6.7.8');
    pool.add(at('2001:db8::1'), 'tracker', 0);
    pool.setOwn([at('123.213.32.10')]);
    pool.add(at('99.1.2.3'), 'tracker', 0);
    const hosts = ready(pool, 0).filter((host) => !host.includes(':'));
    const byPriority = hosts.toSorted((a, b) => pool.priorityOf(at(b))! - pool.priorityOf(at(a))!);
    expect(hosts).toHaveLength(5);
    expect(hosts).toEqual(byPriority);
    // The vectors of BEP 40.
    expect(pool.priorityOf(at('98.76.54.32'))).toBe(0xec_2d_72_24);
    expect(pool.priorityOf(at('123.213.32.234'))).toBe(0x99_56_81_89);
    expect(pool.priorityOf(at('2001:db8::1'))).toBeUndefined();
  });
});

describe('what it takes in', () => {
  test('an address once, whoever names it', () => {
    const pool = new PeerPool({ random: seededRandom(1) });
    expect(pool.add(at('10.0.0.1'), 'pex', 0)).toBe(true);
    expect(pool.add(at('10.0.0.1'), 'tracker', 0, { isSeeder: true })).toBe(false);
    expect(pool.size).toBe(1);
    expect([...pool.entries()]).toMatchObject([{ source: 'tracker', isSeeder: true }]);
  });

  test.each(['0.0.0.0', '0.1.2.3', '224.0.0.1', '255.255.255.255', '::', 'ff02::1', 'fe80::1'])(
    'nothing that cannot be a peer: %s',
    (host) => {
      expect(new PeerPool({ random: seededRandom(1) }).add(at(host), 'pex', 0)).toBe(false);
    },
  );

  test('an address of a link whose zone is known', () => {
    const pool = new PeerPool({ random: seededRandom(1) });
    expect(pool.add(at('fe80::1%eth0'), 'lsd', 0)).toBe(true);
    expect(ready(pool, 0)).toEqual(['fe80::1%eth0']);
  });

  test('no port that is none', () => {
    const pool = new PeerPool({ random: seededRandom(1) });
    for (const port of [0, -1, 65_536, 1.5, Number.NaN])
      expect(pool.add({ host: '10.0.0.1', port, family: 4 }, 'pex', 0)).toBe(false);
  });

  test('when it is full, a failed address gives way, the stalest first', () => {
    const pool = new PeerPool({ limit: 3, random: seededRandom(1) });
    for (const host of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) pool.add(at(host), 'tracker', 0);
    expect(pool.add(at('10.0.0.4'), 'tracker', 0)).toBe(false);
    const [first, second] = [pool.next(1)!, pool.next(2)!];
    pool.failed(second, 3);
    pool.failed(first, 4);
    expect(pool.add(at('10.0.0.4'), 'tracker', 5)).toBe(true);
    const hosts = [...pool.entries()].map(({ address }) => address.host);
    expect(hosts).not.toContain(first.host);
    expect(hosts).toContain(second.host);
  });
});

describe('whom it dials', () => {
  test('each ready address once, until the caller says how it went', () => {
    const pool = poolOf('10.0.0.1', '10.0.0.2');
    expect(ready(pool, 0).sort()).toEqual(['10.0.0.1', '10.0.0.2']);
    expect(pool.next(HOUR_MS)).toBeUndefined();
    expect(pool.nextReadyAtMs(0)).toBeUndefined();
  });

  test('those that never failed before those that did', () => {
    const pool = poolOf('10.0.0.1');
    pool.failed(pool.next(0)!, 0);
    pool.add(at('10.0.0.2'), 'pex', 0);
    expect(ready(pool, 60_000)).toEqual(['10.0.0.2', '10.0.0.1']);
  });

  test('equals in an order of chance, not of arrival', () => {
    const hosts = Array.from({ length: 20 }, (_, n) => `10.0.0.${n + 1}`);
    expect(ready(poolOf(...hosts), 0)).not.toEqual(hosts);
  });

  test('the addresses of the user first', () => {
    const pool = poolOf('10.0.0.1', '10.0.0.2', '10.0.0.3');
    pool.keep(at('10.0.0.3'));
    pool.keep(at('10.0.0.4'));
    expect(ready(pool, 0).slice(0, 2).sort()).toEqual(['10.0.0.3', '10.0.0.4']);
  });

  test('seeders last while we seed', () => {
    const pool = poolOf('10.0.0.2', '10.0.0.3');
    pool.add(at('10.0.0.1'), 'pex', 0, { isSeeder: true });
    pool.setSeeding(true);
    expect(ready(pool, 0)[2]).toBe('10.0.0.1');
  });
});

describe('when it dials again', () => {
  test('after 15 s, doubled each time up to an hour, a quarter more or less', () => {
    const pool = poolOf();
    pool.keep(at('10.0.0.1'));
    const expected = [15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600];
    for (const [n, wait] of waitsS(pool, expected.length).entries()) {
      expect(wait).toBeGreaterThanOrEqual(expected[n]! * 0.75);
      expect(wait).toBeLessThanOrEqual(expected[n]! * 1.25);
    }
  });

  test('not after ten failures in a row', () => {
    const pool = poolOf('10.0.0.1');
    expect(waitsS(pool, 100)).toHaveLength(9);
    expect(pool.size).toBe(0);
  });

  test('not while it rests, though it is named again, but at once when it is woken', () => {
    const pool = poolOf('10.0.0.1');
    pool.rest(pool.next(0)!);
    expect(pool.add(at('10.0.0.1'), 'tracker', 0)).toBe(false);
    expect(ready(pool, 100 * HOUR_MS)).toEqual([]);
    expect(pool.nextReadyAtMs(0)).toBeUndefined();
    pool.wake(at('10.0.0.1'), HOUR_MS);
    expect(ready(pool, HOUR_MS)).toEqual(['10.0.0.1']);
  });

  test('not while it rests, though we need seeders again', () => {
    const pool = poolOf('10.0.0.1');
    pool.rest(pool.next(0)!);
    pool.setSeeding(true);
    pool.setSeeding(false);
    expect(ready(pool, HOUR_MS)).toEqual([]);
    pool.wake(at('10.0.0.1'), HOUR_MS);
    expect(ready(pool, HOUR_MS)).toEqual(['10.0.0.1']);
  });

  test('what was set aside, when we need seeders again and not when it is woken', () => {
    const pool = poolOf('10.0.0.1');
    pool.connected(pool.next(0)!, 0);
    pool.disconnected(at('10.0.0.1'), 0, 'done');
    pool.wake(at('10.0.0.1'), HOUR_MS);
    expect(ready(pool, HOUR_MS)).toEqual([]);
    pool.setSeeding(true);
    pool.setSeeding(false);
    expect(ready(pool, HOUR_MS)).toEqual(['10.0.0.1']);
  });

  test('what rests or was set aside, when the user names it', () => {
    const pool = poolOf('10.0.0.1', '10.0.0.2');
    pool.rest(at('10.0.0.1'));
    pool.disconnected(at('10.0.0.2'), 0, 'done');
    for (const host of ['10.0.0.1', '10.0.0.2']) pool.keep(at(host));
    expect(ready(pool, HOUR_MS).sort()).toEqual(['10.0.0.1', '10.0.0.2']);
  });

  test('no sooner than it may, when it is woken that does not rest', () => {
    const pool = poolOf('10.0.0.1');
    pool.failed(pool.next(0)!, 0);
    pool.wake(at('10.0.0.1'), 0);
    expect(ready(pool, 1000)).toEqual([]);
  });

  test('soon after a long connection, later and later after short ones', () => {
    const pool = poolOf('10.0.0.1');
    const lasting = (ms: number, nowMs: number): number => {
      const address = pool.next(nowMs)!;
      pool.connected(address, nowMs);
      pool.disconnected(address, nowMs + ms, 'lost');
      return pool.nextReadyAtMs(0)! - nowMs - ms;
    };
    expect(lasting(1000, 0)).toBeLessThan(20_000);
    expect(lasting(1000, HOUR_MS)).toBeGreaterThan(20_000);
    expect(lasting(1000, 2 * HOUR_MS)).toBeGreaterThan(40_000);
    expect(lasting(60_000, 3 * HOUR_MS)).toBeLessThan(20_000);
  });

  test('as soon after each long connection to us, who never dialled it', () => {
    const pool = new PeerPool({ random: seededRandom(1) });
    const address = at('10.0.0.1');
    pool.add(address, 'incoming', 0);
    for (let n = 1; n <= 20; n++) {
      pool.connected(address, n * HOUR_MS);
      pool.disconnected(address, (n + 0.5) * HOUR_MS, 'lost');
    }
    expect([...pool.entries()]).toMatchObject([{ address, failureCount: 1 }]);
    pool.connected(address, 30 * HOUR_MS);
    pool.disconnected(address, 30 * HOUR_MS + 1000, 'lost');
    expect([...pool.entries()]).toMatchObject([{ address, failureCount: 2 }]);
  });

  test('later, when a connection lasted long only with the time that its dial took', () => {
    const pool = poolOf('10.0.0.1');
    pool.failed(pool.next(0)!, 0);
    const address = pool.next(HOUR_MS)!;
    pool.connected(address, HOUR_MS + 19_000);
    pool.disconnected(address, HOUR_MS + 71_000, 'lost');
    expect([...pool.entries()]).toMatchObject([{ failureCount: 2 }]);
  });

  test('not when the connection was not worth it', () => {
    const pool = poolOf('10.0.0.1');
    pool.connected(at('10.0.0.1'), 0);
    pool.disconnected(at('10.0.0.1'), 0, 'done');
    expect(ready(pool, 100 * HOUR_MS)).toEqual([]);
  });

  test('at once and with no failure to its name, when it was we who left', () => {
    const pool = poolOf('10.0.0.1');
    for (let n = 0; n < 20; n++) {
      expect(ready(pool, n)).toEqual(['10.0.0.1']);
      pool.connected(at('10.0.0.1'), n);
      pool.disconnected(at('10.0.0.1'), n, 'left');
    }
    expect([...pool.entries()]).toMatchObject([{ failureCount: 0 }]);
  });
});

describe('whom it refuses', () => {
  test('ourselves', () => {
    const pool = poolOf('10.0.0.1');
    pool.avoid(at('10.0.0.1'));
    expect(pool.add(at('10.0.0.1'), 'tracker', 0)).toBe(false);
    expect(pool.add(at('10.0.0.1:7000'), 'tracker', 0)).toBe(true);
  });

  test('every port of a banned host', () => {
    const pool = poolOf('10.0.0.1:1', '10.0.0.1:2', '10.0.0.2');
    pool.ban('10.0.0.1');
    expect(pool.size).toBe(1);
    expect(pool.add(at('10.0.0.1:3'), 'lsd', 0)).toBe(false);
  });

  test('nobody it was told to forget', () => {
    const pool = poolOf('10.0.0.1');
    pool.forget(at('10.0.0.1'));
    expect(pool.size).toBe(0);
    expect(pool.add(at('10.0.0.1'), 'lsd', 0)).toBe(true);
  });
});

test('words about addresses that it does not know change nothing', () => {
  const pool = poolOf('10.0.0.1');
  const other = at('10.0.0.2');
  pool.connected(other, 0);
  pool.failed(other, 0);
  pool.disconnected(other, 0, 'lost');
  pool.forget(other);
  pool.ban(other.host);
  expect(ready(pool, 0)).toEqual(['10.0.0.1']);
});

test('stays within its limit and its own rules, whatever happens', () => {
  const sources: PeerSource[] = ['tracker', 'pex', 'dht', 'lsd', 'resume'];
  const addresses = fc.nat(29).map((n) => at(`10.0.0.${1 + (n % 15)}:${7000 + n}`));
  const partings: Parting[] = ['lost', 'done', 'left'];
  const word = fc.constantFrom(
    'add',
    'next',
    'connected',
    'failed',
    'rest',
    'wake',
    'parted',
    'ban',
    'keep',
  );
  const steps = fc.array(fc.tuple(word, addresses, fc.nat(4), fc.nat(HOUR_MS)), { maxLength: 150 });
  fc.assert(
    fc.property(steps, fc.nat(), (list, seed) => {
      const pool = new PeerPool({ limit: 6, random: seededRandom(seed) });
      const banned = new Set<string>();
      const kept = new Set<string>();
      let nowMs = 0;
      for (const [what, address, n, waitMs] of list) {
        nowMs += waitMs;
        const name = formatPeerAddress(address);
        if (what === 'add') pool.add(address, sources[n]!, nowMs);
        if (what === 'connected') pool.connected(address, nowMs);
        if (what === 'failed') pool.failed(address, nowMs);
        if (what === 'rest') pool.rest(address);
        if (what === 'wake') pool.wake(address, nowMs);
        if (what === 'parted') pool.disconnected(address, nowMs, partings[n % partings.length]!);
        if (what === 'keep' && kept.size < 4 && !banned.has(address.host)) {
          pool.keep(address);
          kept.add(name);
        }
        if (what === 'ban' && ![...kept].some((one) => one.startsWith(address.host))) {
          pool.ban(address.host);
          banned.add(address.host);
        }
        const before = new Map([...pool.entries()].map((one) => [one, { ...one }]));
        const next = what === 'next' ? pool.next(nowMs) : undefined;
        for (const [entry, { status, hold, readyAtMs }] of before) {
          if (entry.address !== next) continue;
          expect([status, hold]).toEqual(['idle', undefined]);
          expect(readyAtMs).toBeLessThanOrEqual(nowMs);
          expect(entry.status).toBe('dialling');
        }
        const names = [...pool.entries()].map((one) => formatPeerAddress(one.address));
        expect(new Set(names).size).toBe(names.length);
        expect(names.length).toBeLessThanOrEqual(6 + kept.size);
        for (const one of kept) expect(names).toContain(one);
        for (const { address: known } of pool.entries()) expect(banned.has(known.host)).toBe(false);
      }
    }),
  );
});
