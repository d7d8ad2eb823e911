import { EventEmitter, once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { listenForReload } from '../src/reload.ts';
import { eventsOf, ready, startTracker } from './tracker-process.ts';

test('a signal that came before it can be obeyed is obeyed then, and one that comes too late ends nothing', async () => {
  const source = new EventEmitter();
  const signal = listenForReload(source);
  source.emit('SIGHUP');
  source.emit('SIGHUP');
  const turns: string[] = [];
  let end = (): void => {};
  const reload = async (): Promise<void> => {
    turns.push('begin');
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    turns.push('end');
  };
  signal.start(reload);
  await expect.poll(() => turns).toEqual(['begin']);
  source.emit('SIGHUP');
  end();
  await expect.poll(() => turns).toEqual(['begin', 'end', 'begin']);
  end();
  await expect.poll(() => turns).toHaveLength(4);
  signal.stop();
  expect(source.emit('SIGHUP')).toBe(true);
  signal.dispose();
  expect(source.eventNames()).toEqual([]);
  expect(turns).toHaveLength(4);
});

test('SIGHUP while the tracker starts is obeyed when it runs', async () => {
  const redis = createServer().listen(0, '127.0.0.1');
  await once(redis, 'listening');
  onTestFinished(() => void redis.close());
  const { port } = redis.address() as { port: number };
  const here = ['--http', '127.0.0.1:0', '--udp', 'off', '--json'];
  const tracker = startTracker([...here, '--store', `redis://127.0.0.1:${port}`]);
  const [socket] = (await once(redis, 'connection')) as [Socket];
  tracker.kill('SIGHUP');
  socket.destroy();
  await ready(tracker);
  await expect.poll(() => eventsOf(tracker)).toContainEqual({ event: 'reloaded' });
  tracker.kill('SIGTERM');
  expect(await tracker.exitCode).toBe(0);
});
