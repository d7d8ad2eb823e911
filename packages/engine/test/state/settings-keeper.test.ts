import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@shoal/testkit';
import { silentLog } from '@shoal/units';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/state/engine-settings.ts';
import { SettingsKeeper } from '../../src/state/settings-keeper.ts';
import { StateFolder } from '../../src/state/state-folder.ts';

let temporary: TemporaryFolder;
let folder: StateFolder;
beforeEach(async () => {
  temporary = await temporaryFolder();
  folder = new StateFolder(temporary.path);
  await folder.prepare();
});
afterEach(() => temporary.remove());

const open = (): Promise<SettingsKeeper> => SettingsKeeper.open(folder, silentLog);
const file = (): string => path.join(temporary.path, 'settings.state');

test('settings that were changed are there in the next run', async () => {
  const keeper = await open();
  expect(keeper.settings).toEqual(DEFAULT_SETTINGS);
  keeper.change({ limits: { downBytesPerS: 5_000.4, upBytesPerS: undefined } });
  keeper.change({ bannedHosts: ['192.0.2.7', '2001:db8::1'] });
  await keeper.settled();
  expect((await open()).settings).toEqual({
    limits: { downBytesPerS: 5_000, upBytesPerS: undefined },
    bannedHosts: ['192.0.2.7', '2001:db8::1'],
  });
});

test('damaged settings give way to their former copy, and that to none', async () => {
  const keeper = await open();
  for (const host of ['192.0.2.7', '192.0.2.8']) {
    keeper.change({ bannedHosts: [host] });
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
  keeper.change({ bannedHosts: ['192.0.2.7'] });
  await keeper.settled();
  expect(keeper.settings.bannedHosts).toEqual(['192.0.2.7']);
});
