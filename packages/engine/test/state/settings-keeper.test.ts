import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ManualClock, type TemporaryFolder, temporaryFolder } from '@shoal/testkit';
import { silentLog } from '@shoal/units';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  banning,
  DEFAULT_SETTINGS,
  settingLimits,
  unbanning,
} from '../../src/state/engine-settings.ts';
import { SettingsKeeper } from '../../src/state/settings-keeper.ts';
import { StateFolder } from '../../src/state/state-folder.ts';

let temporary: TemporaryFolder;
let folder: StateFolder;
let clock: ManualClock;
beforeEach(async () => {
  clock = new ManualClock({ waitsForFiles: true });
  temporary = await temporaryFolder();
  folder = new StateFolder(temporary.path);
  await folder.prepare();
});
afterEach(async () => {
  clock.stop();
  await temporary.remove();
});

const open = (): Promise<SettingsKeeper> => SettingsKeeper.open(folder, clock, silentLog);
const file = (): string => path.join(temporary.path, 'settings.state');

test('settings that were changed are there in the next run', async () => {
  const keeper = await open();
  expect(keeper.settings).toEqual(DEFAULT_SETTINGS);
  keeper.change(settingLimits({ downBytesPerS: 5_000.4 }));
  for (const host of ['192.0.2.7', '2001:db8::1']) keeper.change(banning(host));
  await keeper.settled();
  expect((await open()).settings).toEqual({
    limits: { downBytesPerS: 5_000, upBytesPerS: undefined },
    bannedHosts: ['192.0.2.7', '2001:db8::1'],
  });
});

test('damaged settings give way to their former copy, and that to none', async () => {
  const keeper = await open();
  for (const host of ['192.0.2.7', '192.0.2.8']) {
    keeper.change(banning(host));
    await keeper.settled();
  }
  const bytes = await readFile(file());
  bytes[bytes.indexOf('192.0.2.8')]! ^= 1;
  await writeFile(file(), bytes);
  expect((await open()).settings.bannedHosts).toEqual(['192.0.2.7']);
  await writeFile(`${file()}.old`, 'i1e');
  expect((await open()).settings).toEqual(DEFAULT_SETTINGS);
});

test('settings that cannot be written hold for this run', async () => {
  const keeper = await open();
  await rm(temporary.path, { recursive: true });
  keeper.change(banning('192.0.2.7'));
  await keeper.settled();
  expect(keeper.settings.bannedHosts).toEqual(['192.0.2.7']);
});

/** Settings of another process in the same folder. */
const openOther = (): Promise<SettingsKeeper> =>
  SettingsKeeper.open(new StateFolder(temporary.path), clock, silentLog);

test('of two processes that set something in turn both are kept', async () => {
  const [one, other] = [await open(), await openOther()];
  one.change(banning('192.0.2.7'));
  await one.settled();
  other.change(settingLimits({ upBytesPerS: 7_000 }));
  other.change(banning('192.0.2.8'));
  await other.settled();
  one.change(settingLimits({ downBytesPerS: 5_000 }));
  one.change(unbanning('192.0.2.8'));
  await one.settled();
  const kept = {
    limits: { downBytesPerS: 5_000, upBytesPerS: 7_000 },
    bannedHosts: ['192.0.2.7'],
  };
  expect(one.settings).toEqual(kept);
  expect((await open()).settings).toEqual(kept);
});

test('of two processes that set something at once both are kept', async () => {
  const keepers = [await open(), await openOther(), await openOther()];
  for (let n = 0; n < 10; n++)
    for (const [at, keeper] of keepers.entries()) {
      keeper.change(banning(`192.0.2.${at * 10 + n}`));
      await new Promise(setImmediate);
    }
  const settled = Promise.all(keepers.map((keeper) => keeper.settled()));
  let isOver = false;
  void settled.then(() => {
    isOver = true;
  });
  await clock.advanceUntil(() => isOver, 5_000);
  expect((await open()).settings.bannedHosts).toHaveLength(30);
});

test('what waits for a process that does not come to its end is written with the next change', async () => {
  const keeper = await open();
  const lock = `${file()}.lock`;
  await mkdir(lock);
  await writeFile(path.join(lock, 'owner'), `${process.ppid} `);
  keeper.change(banning('192.0.2.7'));
  await clock.advance(6_000);
  await keeper.settled();
  expect(keeper.settings.bannedHosts).toEqual(['192.0.2.7']);
  expect((await open()).settings).toEqual(DEFAULT_SETTINGS);
  await rm(lock, { recursive: true });
  keeper.change(banning('192.0.2.8'));
  await keeper.settled();
  expect((await open()).settings.bannedHosts).toEqual(['192.0.2.7', '192.0.2.8']);
});
