/** The lists of torrents that `--allow` and `--deny` name. */
import type { AccessLists } from '@shoal/tracker/server';
import { readInfoHashFile } from './info-hash-file.ts';
import type { TrackerFlags } from './tracker-flags.ts';

/** @throws CliError when one cannot be read or has a line that is no infohash */
export async function readAccessLists({
  allow,
  deny,
}: Pick<TrackerFlags, 'allow' | 'deny'>): Promise<AccessLists> {
  const [allowed, denied] = await Promise.all(
    [allow, deny].map((path) => (path === undefined ? undefined : readInfoHashFile(path))),
  );
  return {
    ...(allowed === undefined ? {} : { allow: allowed }),
    ...(denied === undefined ? {} : { deny: denied }),
  };
}
