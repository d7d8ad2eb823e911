import { ManualClock, MemoryNetwork } from '@shoal/testkit';
import { type PeerId, toPeerId } from '@shoal/units';
import { expect, test } from 'vitest';
import { Admission } from '../../src/peers/admission.ts';
import { BanList } from '../../src/peers/ban-list.ts';
import type { KnownBy } from '../../src/peers/former-peers.ts';

const network = new MemoryNetwork(new ManualClock());
const OUR_ID = 100;

function idOf(fill: number): PeerId {
  return toPeerId(new Uint8Array(20).fill(fill))!;
}

function peer(host: string, id: number, direction: 'incoming' | 'dialled' = 'incoming'): KnownBy {
  const address = network.host(host).address(6881);
  return { address, peerId: idOf(id), dialled: direction === 'dialled' ? address : undefined };
}

/** So many peers, each with an address and an id of its own. */
function crowd(count: number, firstId = 0): KnownBy[] {
  return Array.from({ length: count }, (_, n) => peer(`10.1.${n}.1`, firstId + n));
}

function makeStage() {
  const bans = new BanList();
  return { bans, admission: new Admission({ bans, ourPeerId: idOf(OUR_ID) }) };
}

const newcomer = peer('10.0.0.1', 200);

test('a stranger is taken in while there are places', () => {
  const { admission } = makeStage();
  expect(admission.decide(newcomer, crowd(5), 0)).toEqual({
    replaced: [],
    refusal: undefined,
    isFull: false,
  });
});

test.each([
  ['dialled', 60],
  ['incoming', 100],
] as const)('for one that is %s all is full with %i peers', (direction, limit) => {
  const { admission } = makeStage();
  const stranger = peer('10.0.0.1', 200, direction);
  expect(admission.decide(stranger, crowd(limit - 1), 0).isFull).toBe(false);
  const decision = admission.decide(stranger, crowd(limit), 0);
  expect([decision.isFull, decision.refusal]).toEqual([true, undefined]);
});

test('a banned peer is refused, be it ourselves or here already', () => {
  const { admission, bans } = makeStage();
  bans.banHost('10.0.0.1', 'a lie');
  expect(admission.decide(newcomer, [newcomer], 0).refusal).toBe('banned');
  expect(admission.decide(peer('10.0.0.1', OUR_ID), [], 0).refusal).toBe('banned');
});

test('a connection to ourselves is refused, from whatever address', () => {
  const { admission } = makeStage();
  expect(admission.decide(peer('10.0.0.9', OUR_ID, 'dialled'), [], 0).refusal).toBe('self');
});

test('of an IP address four peers are taken in; on the same machine there is no such limit', () => {
  const { admission } = makeStage();
  const from = (host: string, count: number): KnownBy[] =>
    Array.from({ length: count }, (_, n) => peer(host, n));
  expect(admission.decide(newcomer, from('10.0.0.1', 3), 0).refusal).toBeUndefined();
  expect(admission.decide(newcomer, from('10.0.0.1', 4), 0).refusal).toBe(
    'too many from one address',
  );
  const neighbour = peer('127.0.0.1', 200);
  expect(admission.decide(neighbour, from('127.0.0.1', 20), 0).refusal).toBeUndefined();
});

test('the place that a newcomer takes over does not count against it', () => {
  const { admission } = makeStage();
  const old = peer('10.0.0.1', 20, 'incoming');
  const others = [1, 2, 3].map((id) => peer('10.0.0.1', id));
  const full = [...crowd(56, 140), ...others, old];
  expect(full).toHaveLength(60);
  // Id 20 is smaller than ours: the connection that it dialled stays.
  expect(admission.decide(peer('10.0.0.1', 20, 'dialled'), full, 0).refusal).toBe('here already');
  // Id 200 is greater than ours: the one that we dialled stays.
  const greater = [...full.slice(0, -1), peer('10.0.0.1', 200, 'incoming')];
  expect(admission.decide(peer('10.0.0.1', 200, 'dialled'), greater, 0)).toEqual({
    replaced: [greater.at(-1)],
    refusal: undefined,
    isFull: false,
  });
});

test('when both dialled at once, both sides keep the same connection', () => {
  for (const theirId of [OUR_ID - 1, OUR_ID + 1]) {
    const ours = new Admission({ bans: new BanList(), ourPeerId: idOf(OUR_ID) });
    const theirs = new Admission({ bans: new BanList(), ourPeerId: idOf(theirId) });
    // We dialled first and see theirs come in; they see the same two the other way round.
    const here = ours.decide(
      peer('10.0.0.1', theirId, 'incoming'),
      [peer('10.0.0.1', theirId, 'dialled')],
      0,
    );
    const there = theirs.decide(
      peer('10.0.0.2', OUR_ID, 'dialled'),
      [peer('10.0.0.2', OUR_ID, 'incoming')],
      0,
    );
    expect([here.refusal, here.replaced.length]).toEqual([there.refusal, there.replaced.length]);
  }
});

test('of two connections in the same direction the older stays', () => {
  const { admission } = makeStage();
  for (const direction of ['incoming', 'dialled'] as const)
    for (const id of [OUR_ID - 1, OUR_ID + 1]) {
      const old = peer('10.0.0.1', id, direction);
      expect(admission.decide(peer('10.0.0.2', id, direction), [old], 0).refusal).toBe(
        'here already',
      );
    }
});

test('where peers broke the protocol nobody comes in for a minute, but whom we dial does', () => {
  const { admission } = makeStage();
  for (let fault = 0; fault < 3; fault++) admission.handleFault(newcomer, 0);
  expect(admission.decide(newcomer, [], 59_999).refusal).toBe('broke the protocol');
  const dialled = peer('10.0.0.1', 200, 'dialled');
  expect(admission.decide(dialled, [], 59_999).refusal).toBeUndefined();
  expect(admission.decide(newcomer, [], 60_000).refusal).toBeUndefined();
});

test('on the same machine a peer that broke the protocol may come back', () => {
  const { admission } = makeStage();
  const neighbour = peer('127.0.0.1', 200);
  for (let fault = 0; fault < 3; fault++) admission.handleFault(neighbour, 0);
  expect(admission.decide(neighbour, [], 1).refusal).toBeUndefined();
});
