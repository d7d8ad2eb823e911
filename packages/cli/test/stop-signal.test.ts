import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { listenForStop, type SignalSource } from '../src/stop-signal.ts';

class Process extends EventEmitter implements SignalSource {
  readonly exits: number[] = [];
  exit(code: number): void {
    this.exits.push(code);
  }
}

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('asks to stop at the first %s', (name) => {
    const source = new Process();
    const stop = listenForStop('Go on.', source);
    source.emit(name, name);
    expect(stop.signal.aborted).toBe(true);
    expect(stop.signal.reason).toMatchObject({ exitCode: 7, nextStep: 'Go on.' });
    expect(source.exits).toEqual([]);
  });

  it('ends at once at the second, whatever it is', () => {
    const source = new Process();
    listenForStop('Go on.', source);
    source.emit('SIGINT', 'SIGINT');
    source.emit('SIGTERM', 'SIGTERM');
    expect(source.exits).toEqual([7]);
  });

  it('gives the signals back', () => {
    const source = new Process();
    listenForStop('Go on.', source).dispose();
    expect(source.eventNames()).toEqual([]);
  });
});
