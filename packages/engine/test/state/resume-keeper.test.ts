import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ManualClock, type TemporaryFolder, temporaryFolder } from '@shoal/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EngineError } from '../../src/engine-error.ts';
import { encodeResume, type ResumeState } from '../../src/state/resume.ts';
import { ResumeKeeper } from '../../src/state/resume-keeper.ts';
import { StateFolder } from '../../src/state/state-folder.ts';
import { EMPTY_STATE } from './empty-state.ts';

const HASH = '0'.repeat(40);

let temporary: TemporaryFolder;
let folder: StateFolder;
let clock: ManualClock;
beforeEach(async () => {
  temporary = await temporaryFolder();
  folder = new StateFolder(temporary.path);
  await folder.prepare();
  clock = new ManualClock();
});
afterEach(() => temporary.remove());

interface Stage {
  readonly keeper: ResumeKeeper;
  readonly errors: EngineError[];
  composed: number;
  movedLength: number;
  /** What `compose` does. */
  compose: () => Promise<ResumeState>;
}

function makeStage(): Stage {
  const stage: Stage = {
    composed: 0,
    movedLength: 0,
    errors: [],
    compose: async () => ({ ...EMPTY_STATE, name: `state ${stage.composed}` }),
    keeper: new ResumeKeeper({
      infoHash: HASH,
      folder,
      clock,
      compose: () => {
        stage.composed++;
        return stage.compose();
      },
      movedLength: () => stage.movedLength,
      handleWriteError: (error) => stage.errors.push(error),
    }),
  };
  return stage;
}

const file = (ending: string): string => path.join(temporary.path, 'torrents', `${HASH}.${ending}`);

test('the first state is saved after two seconds, and one that did not change never', async () => {
  const stage = makeStage();
  stage.keeper.tick(10_000);
  expect(stage.composed).toBe(0);
  stage.keeper.markDirty();
  stage.keeper.tick(1_999);
  expect(stage.composed).toBe(0);
  stage.keeper.tick(2_000);
  expect(stage.composed).toBe(1);
  await stage.keeper.save();
});

test('a changed state is saved after ten seconds', async () => {
  const stage = makeStage();
  await stage.keeper.save();
  stage.keeper.markDirty();
  stage.keeper.tick(9_999);
  expect(stage.composed).toBe(1);
  stage.keeper.tick(10_000);
  expect(stage.composed).toBe(2);
  await stage.keeper.save();
});

test('bytes that moved alone are saved a minute after the last save, and no state without them', async () => {
  const stage = makeStage();
  await stage.keeper.save();
  stage.movedLength = 1_000_000;
  stage.keeper.tick(59_999);
  expect(stage.composed).toBe(1);
  await clock.advance(60_000);
  stage.keeper.tick(60_000);
  expect(stage.composed).toBe(2);
  await stage.keeper.save();
  stage.keeper.tick(1_000_000);
  expect(stage.composed).toBe(3);
});

test('a state is not written for fewer bytes than it has itself', async () => {
  const stage = makeStage();
  const state = { ...EMPTY_STATE, infoBytes: new Uint8Array(1_000_000) };
  stage.compose = async () => state;
  await stage.keeper.save();
  const { length } = encodeResume(state);
  stage.movedLength = length;
  stage.keeper.tick(1_000_000);
  expect(stage.composed).toBe(1);
  stage.movedLength = length + 1;
  stage.keeper.tick(1_000_000);
  expect(stage.composed).toBe(2);
  await stage.keeper.save();
});

test('what a person sets is saved after a second, however lately the last save was', async () => {
  const stage = makeStage();
  await stage.keeper.save();
  await clock.advance(500);
  stage.keeper.markWished();
  stage.keeper.markWished();
  stage.keeper.tick(1_499);
  expect(stage.composed).toBe(1);
  stage.keeper.tick(1_500);
  expect(stage.composed).toBe(2);
  await stage.keeper.save();
});

test('what a person sets while a state is written is in the next one, a second later', async () => {
  const stage = makeStage();
  const saved = stage.keeper.save();
  stage.keeper.markWished();
  await saved;
  stage.keeper.tick(1_000);
  expect(stage.composed).toBe(2);
  await stage.keeper.save();
});

test('saves that overlap follow one another', async () => {
  const stage = makeStage();
  await Promise.all([stage.keeper.save(), stage.keeper.save(), stage.keeper.save()]);
  expect(stage.composed).toBe(3);
  expect((await stage.keeper.load()).state?.name).toBe('state 3');
});

test('closing saves a last time, after what is under way, and nothing is saved after it', async () => {
  const stage = makeStage();
  const saves = [stage.keeper.save(), stage.keeper.save()];
  await stage.keeper.close();
  const { composed } = stage;
  expect((await stage.keeper.load()).state?.name).toBe(`state ${composed}`);
  await folder.remove(HASH);
  await Promise.all([...saves, stage.keeper.save(), stage.keeper.close()]);
  stage.keeper.markWished();
  stage.keeper.tick(60_000);
  expect(stage.composed).toBe(composed);
  expect(await folder.list()).toEqual([]);
});

test('a disk that takes long is given ten times as long until the next save', async () => {
  const stage = makeStage();
  stage.compose = async () => {
    await clock.advance(5_000);
    return { ...EMPTY_STATE, name: 'slow' };
  };
  await stage.keeper.save();
  stage.keeper.markDirty();
  stage.keeper.tick(54_999);
  expect(stage.composed).toBe(1);
  stage.compose = async () => ({ ...EMPTY_STATE, name: 'fast' });
  stage.keeper.tick(55_000);
  expect(stage.composed).toBe(2);
  await stage.keeper.save();
});

test('what could not be written is told, and tried again', async () => {
  const stage = makeStage();
  const error = new EngineError('state-unwritable', 'no space');
  stage.compose = () => Promise.reject(error);
  await stage.keeper.save();
  expect(stage.errors).toEqual([error]);
  stage.compose = async () => ({ ...EMPTY_STATE, name: 'later' });
  stage.keeper.tick(10_000);
  await stage.keeper.save();
  expect((await stage.keeper.load()).state?.name).toBe('later');
});

test('a damaged state gives way to the copy before it', async () => {
  const { keeper } = makeStage();
  await writeFile(file('resume.old'), encodeResume({ ...EMPTY_STATE, name: 'former' }));
  const newest = encodeResume({ ...EMPTY_STATE, name: 'newest' });
  newest[newest.indexOf(0x77)]! ^= 1;
  for (const damaged of [newest, 'd4:name', '']) {
    await writeFile(file('resume'), damaged);
    expect(await keeper.load()).toMatchObject({ state: { name: 'former' }, isDamaged: true });
  }
});

test('a former copy alone is no damage: the end came between two writes', async () => {
  const { keeper } = makeStage();
  await writeFile(file('resume.old'), encodeResume({ ...EMPTY_STATE, name: 'former' }));
  expect(await keeper.load()).toMatchObject({ state: { name: 'former' }, isDamaged: false });
});

test('of copies that are all damaged the newest that has a shape says what it still can', async () => {
  const { keeper } = makeStage();
  const newest = encodeResume({ ...EMPTY_STATE, name: 'newest' });
  newest[newest.length - 3]! ^= 1;
  await writeFile(file('resume'), newest);
  await writeFile(file('resume.old'), 'i1e');
  const { state, isDamaged } = await keeper.load();
  expect(isDamaged).toBe(true);
  expect(state?.pieces).toBeUndefined();
});

test('when all copies are beyond reading there is no state, and no error', async () => {
  const { keeper } = makeStage();
  await writeFile(file('resume.old'), '');
  await writeFile(file('resume'), 'i1e');
  expect(await keeper.load()).toEqual({ state: undefined, isDamaged: true });
});

test('a torrent without a state has no damaged one', async () => {
  expect(await makeStage().keeper.load()).toEqual({ state: undefined, isDamaged: false });
});
