import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FileStore } from '../../../src/index.ts';
import { PartStage } from './part-stage.ts';

/** What one may do to a store. */
type Step =
  | { readonly do: 'put' | 'get'; readonly n: number }
  | { readonly do: 'select'; readonly bits: number }
  | { readonly do: 'sync' | 'close' | 'restart' | 'kill' | 'finish' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('put' as const, 'get' as const), n: fc.nat(200) }),
  fc.record({ do: fc.constant('select' as const), bits: fc.nat(4095) }),
  fc.record({ do: fc.constantFrom('sync', 'close', 'restart', 'kill', 'finish') }),
);

/** The plain model: which chunks were put, which files are selected, which ever were. */
class Model {
  readonly put = new Set<number>();
  readonly everSelected = new Set<number>();
  readonly stage: PartStage;
  bits = 4095;

  constructor(stage: PartStage) {
    this.stage = stage;
  }

  readonly isSelected = (fileIndex: number): boolean => ((this.bits >> fileIndex) & 1) === 1;

  select(bits: number): void {
    this.bits = bits;
    for (const fileIndex of this.stage.files.keys())
      if (this.isSelected(fileIndex)) this.everSelected.add(fileIndex);
  }

  async check(store: FileStore): Promise<void> {
    for (const index of this.put)
      expect(await this.stage.get(store, index)).toEqual(this.stage.chunk(index));
    let isAllSelected = true;
    for (const [fileIndex, { length }] of this.stage.files.entries()) {
      if (!this.everSelected.has(fileIndex)) expect(this.stage.has(fileIndex)).toBe(false);
      isAllSelected &&= length === 0 || this.isSelected(fileIndex);
    }
    if (isAllSelected) expect(this.stage.hasPartFile).toBe(false);
  }
}

async function take(step: Step, store: FileStore, model: Model): Promise<FileStore> {
  const { stage } = model;
  if (step.do === 'put') {
    const index = step.n % stage.chunkCount;
    await stage.put(store, index);
    model.put.add(index);
  } else if (step.do === 'get')
    await stage.get(store, step.n % stage.chunkCount).catch(() => undefined);
  else if (step.do === 'select') {
    model.select(step.bits);
    await store.select(model.isSelected);
  } else if (step.do === 'kill' || step.do === 'restart') {
    if (step.do === 'restart') await store.close();
    const next = stage.store();
    await next.select(model.isSelected);
    return next;
  } else await store[step.do]();
  return store;
}

it('keeps every chunk that was put and makes no file that was never selected', async () => {
  const lengths = fc.array(fc.oneof(fc.nat(4), fc.nat(45)), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(
      lengths.filter((all) => all.some((length) => length > 0)),
      fc.nat(4095),
      fc.array(steps, { maxLength: 25 }),
      async (lengthsOfFiles, bits, script) => {
        const stage = await PartStage.open(lengthsOfFiles);
        const model = new Model(stage);
        const opened: FileStore[] = [stage.store()];
        model.select(bits);
        await opened[0]!.select(model.isSelected);
        for (const step of script) {
          const next = await take(step, opened.at(-1)!, model);
          if (next !== opened.at(-1)) opened.push(next);
          await model.check(next);
        }
        await Promise.all(opened.map((store) => store.close()));
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);
