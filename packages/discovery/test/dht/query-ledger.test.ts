import { seededRandom } from '@shoal/testkit';
import { expect, it } from 'vitest';
import { QueryLedger } from '../../src/dht/query-ledger.ts';

const NODE = '1.2.3.4:5';
const inner = Uint8Array.of(0, 1);

it('an answer counts once, from the node that was asked, and within ten seconds', () => {
  const ledger = new QueryLedger(seededRandom(1));
  const outer = ledger.open(inner, NODE, 0);
  expect(ledger.close(outer, '1.2.3.4:6', 1)).toBeUndefined();
  expect(ledger.close(Uint8Array.of(1, 2, 3, 4), NODE, 1)).toBeUndefined();
  expect(ledger.close(outer, NODE, 10_000)).toEqual(inner);
  expect(ledger.close(outer, NODE, 10_000)).toBeUndefined();
  const late = ledger.open(inner, NODE, 0);
  expect(ledger.close(late, NODE, 10_001)).toBeUndefined();
});

it('forgets the oldest of more than 1024 queries', () => {
  const ledger = new QueryLedger(seededRandom(1));
  const ids = Array.from({ length: 1025 }, () => ledger.open(inner, NODE, 0));
  expect(ledger.close(ids[0]!, NODE, 1)).toBeUndefined();
  expect(ledger.close(ids[1]!, NODE, 1)).toEqual(inner);
});
