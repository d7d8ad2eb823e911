/** Reads the worst inputs one after the other, and prints as JSON what each took of this process. */
import { BencodeError, decode } from '@shoal/bencode';
import { MetainfoError, parseMetainfo } from '../../src/index.ts';
import { WORST_INPUTS, type WorstInput } from './worst-inputs.ts';

/** What reading one took. */
interface ReadingCost {
  readonly name: string;
  readonly length: number;
  /** Of the error; undefined when it was read. */
  readonly code: string | undefined;
  readonly cpuMs: number;
  /** By how much the most memory that was ever resident has grown. */
  readonly grownBytes: number;
}

/** What the whole run prints. */
export interface ReadingReport {
  /** Of work that is the same everywhere: how slow this machine is, at this time. */
  readonly referenceMs: number;
  readonly costs: readonly ReadingCost[];
}

function costOf({ name, readAs, bytes: make }: WorstInput): ReadingCost {
  const bytes = make();
  const read = readAs === 'bencode' ? decode : parseMetainfo;
  let code: string | undefined;
  const before = mostResidentBytes();
  const cpuMs = cpuMsOf(() => {
    code = codeOf(() => read(bytes));
  });
  return { name, length: bytes.length, code, cpuMs, grownBytes: mostResidentBytes() - before };
}

function codeOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof BencodeError || error instanceof MetainfoError) return error.code;
    throw error;
  }
}

/** Names by the hundred thousand: what telling equal ones apart takes at least. */
function reference(): void {
  const names = new Set<string>();
  for (let n = 0; n < 100_000; n++)
    names.add(`${'é'.repeat(20)}${n}`.normalize('NFD').toUpperCase());
}

function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function mostResidentBytes(): number {
  return process.resourceUsage().maxRSS * 1_024;
}

const referenceMs = Math.min(cpuMsOf(reference), cpuMsOf(reference));
const report: ReadingReport = { referenceMs, costs: WORST_INPUTS.map(costOf) };
console.log(JSON.stringify(report));
