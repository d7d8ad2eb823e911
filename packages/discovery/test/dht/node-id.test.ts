import { readFileSync } from 'node:fs';
import { seededRandom } from '@shoal/testkit';
import { parseIp } from '@shoal/units';
import { describe, expect, it } from 'vitest';
import { isNodeIdOf, makeNodeId } from '../../src/index.ts';

const VECTORS = JSON.parse(
  readFileSync(new URL('../vectors/bep42_node_id.json', import.meta.url), 'utf8'),
) as readonly { ip: string; node_id: string; valid: boolean; source: string }[];

describe('a node id', () => {
  it.each(VECTORS)('$node_id goes with $ip: $valid ($source)', ({ ip, node_id, valid }) => {
    expect(isNodeIdOf(Uint8Array.from(Buffer.from(node_id, 'hex')), parseIp(ip)!)).toBe(valid);
  });

  it.each(['124.31.75.21', '2001:db8::1'])('is made for %s', (ip) => {
    const random = seededRandom(1);
    for (let n = 0; n < 50; n++) {
      const id = makeNodeId(parseIp(ip)!, random);
      expect(id).toHaveLength(20);
      expect(isNodeIdOf(id, parseIp(ip)!)).toBe(true);
    }
  });

  it('is random while no address is known', () => {
    const random = seededRandom(1);
    expect(makeNodeId(undefined, random)).not.toEqual(makeNodeId(undefined, random));
  });
});
