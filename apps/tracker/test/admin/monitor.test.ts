import { ManualClock } from '@shoal/testkit';
import { expect, test } from 'vitest';
import { Monitor } from '../../src/admin/monitor.ts';
import { startSmallTracker } from './small-tracker.ts';

test('counts what comes under TLS with its transport, and leaves out those that do not listen', async () => {
  const { tracker, close } = await startSmallTracker();
  const { http } = tracker;
  const requestsOf = (addresses: object): string[] => {
    const monitor = new Monitor({ ...tracker, ...addresses }, new ManualClock());
    const { requests } = monitor.getSnapshot();
    monitor.close();
    return Object.keys(requests);
  };
  expect(requestsOf({})).toEqual(['http']);
  expect(requestsOf({ http: undefined, https: http, wss: http })).toEqual(['http', 'ws']);
  await close();
});
