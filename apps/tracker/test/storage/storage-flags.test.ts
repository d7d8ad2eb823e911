import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newProgram } from '@shoal/cli';
import { temporaryFolder } from '@shoal/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { addTrackerFlags } from '../../src/tracker-flags.ts';

const STORES = [
  'redis:/:s3cretpw1@h',
  ':s3cretpw1@h:6379',
  'redis//:s3cretpw1@h',
  'redis://:s3cretpw1/x@h:6379/0',
  'redis://:s3cretpw1 x@h/0/1',
  'redis://:s3cretpw1"x@h/0/1',
  'redis://:s3cretpw1#x@h',
];

function parse(args: readonly string[]): ReturnType<typeof newProgram> {
  return addTrackerFlags(newProgram('shoal-tracker', '0', '', '')).parse([...args], {
    from: 'user',
  });
}

test.each(STORES)(
  'the value of --store is said to nobody when it is refused: %s',
  async (store) => {
    expect(() => parse(['--store', store])).toThrow(
      /^The value of --store is invalid\. Write memory, or redis:\/\/HOST:PORT\/DATABASE\.$/,
    );
    process.env.SHOAL_TRACKER_STORE = store;
    onTestFinished(() => {
      delete process.env.SHOAL_TRACKER_STORE;
    });
    expect(() => parse([])).toThrow(/^The value of --store is invalid\./);
    delete process.env.SHOAL_TRACKER_STORE;
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'tracker.toml');
    await writeFile(path, `store = ${JSON.stringify(store)}\n`);
    expect(await loadConfig(parse(['--config', path]))).toEqual([
      `${path}: store: Write memory, or redis://HOST:PORT/DATABASE.`,
    ]);
  },
);
