/** The screen with the fake engine behind it, to be looked at: `demo lively|many|hostile|empty|one|picture`. */
import process from 'node:process';
import { runTui } from '../../src/tui/main.tsx';
import { FakeEngine } from './fake-engine.ts';
import { START_MS } from './fake-peers.ts';
import { type FakeSeed, LIVELY_SEEDS } from './fake-seed.ts';
import { HOSTILE_SEED } from './hostile.ts';

const many = Array.from({ length: 100 }, (_, index): FakeSeed => {
  return { ...LIVELY_SEEDS[index % 3]!, name: `torrent number ${index + 1}` };
});
const KINDS: Readonly<Record<string, readonly FakeSeed[]>> = {
  lively: LIVELY_SEEDS,
  many: [...LIVELY_SEEDS, ...many],
  hostile: [HOSTILE_SEED, ...LIVELY_SEEDS, ...many],
  empty: [],
  one: LIVELY_SEEDS.slice(0, 1),
  picture: LIVELY_SEEDS.slice(0, 5),
};

const engine = new FakeEngine(KINDS[process.argv[2] ?? 'lively']);
const startedMs = Date.now();
const timer = setInterval(() => engine.tick(), 200);
const { reason } = await runTui({
  engine,
  stdin: process.stdin,
  stdout: process.stdout,
  addSource: async (text) => {
    if (!text.startsWith('magnet:')) throw new Error(`There is no torrent at ${text}.`);
    return [engine.addMagnet(text)];
  },
  version: '0.1.0',
  wallMs: () => START_MS + Date.now() - startedMs,
  commands: {
    run: async (line) => ({ lines: [`you said ${line}`, 'and so on'], isError: false }),
    complete: async (line, cursor) => ({ line, cursor, candidates: [] }),
    completeSource: async (line) => ({ line, cursor: line.length, candidates: [] }),
    older: (current) => current,
    newer: (current) => current,
  },
});
clearInterval(timer);
console.log(`left: ${reason}`);
