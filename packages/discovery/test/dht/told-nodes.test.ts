import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { checkClosed, ManualClock, seededRandom } from '@shoal/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ToldNodes } from '../../src/dht/told-nodes.ts';
import { DhtDiscovery } from '../../src/index.ts';

describe('ToldNodes', () => {
  const pinged = (told: ToldNodes, hosts: readonly string[], nowMs: number): number =>
    hosts.filter((host) => told.mayPing(host, nowMs)).length;
  const manyHosts = Array.from({ length: 10_000 }, (_, n) => `10.0.${n >> 8}.${n & 255}`);

  it('has some pinged at once, and one a second of a flood', () => {
    const told = new ToldNodes(0);
    expect(pinged(told, manyHosts, 0)).toBe(8);
    expect(pinged(told, manyHosts, 5_000)).toBe(5);
  });

  it('does not let one host take the turns of others', () => {
    const told = new ToldNodes(0);
    expect(pinged(told, Array<string>(1000).fill('10.0.0.1'), 0)).toBe(4);
    expect(pinged(told, ['10.0.0.2', '10.0.0.3'], 0)).toBe(2);
    expect(pinged(told, ['10.0.0.1'], 5 * 60_000)).toBe(0);
    expect(pinged(told, ['10.0.0.1'], 10 * 60_000)).toBe(1);
  });
});

describe('DhtDiscovery, told of nodes', () => {
  let demandClosed: () => Promise<void>;
  let clock: ManualClock;
  let node: DhtDiscovery;
  let told: Socket;
  let bootstrap: Socket;

  beforeEach(async () => {
    demandClosed = checkClosed();
    clock = new ManualClock();
    [told, bootstrap] = [createSocket('udp4'), createSocket('udp4')];
    for (const socket of [told, bootstrap]) {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
    }
    node = new DhtDiscovery({
      ...{ clock, random: seededRandom(1), host: '127.0.0.1', port: 0 },
      bootstrap: [`127.0.0.1:${bootstrap.address().port}`],
    });
  });
  afterEach(async () => {
    for (const socket of [told, bootstrap]) {
      socket.close();
      await once(socket, 'close');
    }
    await node.stop();
    await demandClosed();
  });

  it('asks one that is told again and again a few times, and others without delay', async () => {
    let packetCount = 0;
    told.on('message', () => packetCount++);
    const asked = once(bootstrap, 'message');
    await node.start(1);
    await asked;
    const askedAgain = once(bootstrap, 'message');
    for (let n = 0; n < 10_000; n++)
      node.addNode({ host: '127.0.0.1', port: told.address().port, family: 4 });
    await clock.advance(60_000);
    await askedAgain;
    expect(packetCount).toBeLessThanOrEqual(4);
  });
});
