import { fork } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { newProgram } from '@shoal/cli';
import { expect, inject, onTestFinished, test } from 'vitest';
import { addTrackerFlags, type TrackerFlags } from '../../src/tracker-flags.ts';
import {
  type ParentMessage,
  WORKER_VARIABLE,
  type WorkerMessage,
} from '../../src/workers/worker-protocol.ts';

const flags = addTrackerFlags(newProgram('shoal-tracker', '0', '', ''))
  .parse(['--workers', '2'], { from: 'user' })
  .opts<TrackerFlags>();

const start: ParentMessage = {
  type: 'start',
  task: {
    flags,
    lists: {},
    places: { http: { host: '127.0.0.1', port: 0 } },
    connectionSecret: new Uint8Array(32),
  },
};
const caughtUp: ParentMessage = { type: 'caught-up', sharedMs: 0 };

/** What the parent answers; it is gone right after the last of them. */
const lives: readonly (readonly [WorkerMessage['type'], ParentMessage?])[][] = [
  [['ready']],
  [['ready', start]],
  [['ready', start], ['join']],
  [
    ['ready', start],
    ['join', caughtUp],
  ],
  [['ready', start], ['join', caughtUp], ['listening']],
];

test.for(lives.map((life) => [life.map(([said]) => said).join(', '), life] as const))(
  'ends with its parent, gone after: %s',
  async ([, life]) => {
    const worker = fork(inject('program'), [], {
      env: { ...process.env, [WORKER_VARIABLE]: '1' },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    onTestFinished(() => void worker.kill('SIGKILL'));
    const answers = [...life];
    worker.on('message', ({ type }: WorkerMessage) => {
      const [said, answer] = answers[0] ?? [];
      if (type !== said) return;
      answers.shift();
      if (answer !== undefined) worker.send(answer);
      if (answers.length === 0) worker.disconnect();
    });
    const [end, errors] = await Promise.all([once(worker, 'exit'), text(worker.stderr!)]);
    expect(errors).toBe('');
    expect(end).toEqual([0, null]);
  },
);
