import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeRoutingState, encodeRoutingState } from '../../src/dht/routing-state.ts';

const id = fc.uint8Array({ minLength: 20, maxLength: 20 });
const node = fc.record({
  id,
  host: fc.ipV4(),
  port: fc.integer({ min: 1, max: 65_535 }),
});

it('a routing table comes back as it was kept', () => {
  fc.assert(
    fc.property(fc.record({ nodeId: id, nodes: fc.array(node, { maxLength: 20 }) }), (state) => {
      expect(decodeRoutingState(encodeRoutingState(state))).toEqual(state);
    }),
  );
});

it('keeps 400 nodes at most, and none with an IPv6 address', () => {
  const nodes = Array.from({ length: 500 }, (_, n) => ({
    id: new Uint8Array(20).fill(n),
    host: n < 50 ? '::1' : '1.2.3.4',
    port: 1 + n,
  }));
  const kept = decodeRoutingState(encodeRoutingState({ nodeId: new Uint8Array(20), nodes }));
  expect(kept?.nodes.map(({ port }) => port)).toEqual(
    Array.from({ length: 400 }, (_, n) => 51 + n),
  );
});

it('starts empty from bytes that are none of ours', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(decodeRoutingState(bytes)).toBeUndefined();
    }),
  );
  const ragged = `d2:id20:${'x'.repeat(20)}5:nodes3:abce`;
  expect(decodeRoutingState(new TextEncoder().encode(ragged))).toBeUndefined();
});
