import { expect, test } from 'vitest';
import { writePeerDicts } from '../../src/server/http/peer-list.ts';

test('lists addresses whose length has one digit or two', () => {
  const out = Buffer.alloc(200);
  const peers = Uint8Array.of(1, 2, 3, 4, 0, 9, 192, 168, 100, 200, 255, 255);
  const end = writePeerDicts(out, 0, peers, 4, undefined);
  expect(out.toString('latin1', 0, end)).toBe(
    'd2:ip7:1.2.3.44:porti9eed2:ip15:192.168.100.2004:porti65535ee',
  );
});
