/** Threat 43: what others wrote and we ship is little, is locked, and runs nothing on install. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..');
/** Packages of others that come with a program: those it names, and all that those name. */
const LIMITS = [
  ['peer', 100],
  ['seeder', 30],
  ['tracker', 50],
] as const;

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

interface Locked extends Manifest {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

async function read<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(join(ROOT, path), 'utf8'));
}

const { packages } = await read<{ packages: Record<string, Locked> }>('package-lock.json');
/** Those from a registry, by their place in `node_modules`. */
const foreign = Object.entries(packages).filter(
  ([place, { link }]) => place.includes('node_modules/') && !link,
);

/** All packages that may be meant by these names, and by the names in them. */
function closureOf(names: Iterable<string>): Set<string> {
  const places = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop())
    for (const [place, { dependencies, optionalDependencies }] of foreign) {
      if (!`/${place}`.endsWith(`/node_modules/${name}`) || places.has(place)) continue;
      places.add(place);
      waiting.push(...Object.keys({ ...dependencies, ...optionalDependencies }));
    }
  return places;
}

/** What a program names itself, and what the packages of ours that go into it name. */
async function namesOf(app: string): Promise<Set<string>> {
  const { dependencies, devDependencies } = await read<Manifest>(`apps/${app}/package.json`);
  const names = new Set(Object.keys(dependencies ?? {}));
  const ours = Object.keys(devDependencies ?? {}).filter((name) => name.startsWith('@shoal/'));
  const seen = new Set(['@shoal/testkit']);
  for (let name = ours.pop(); name !== undefined; name = ours.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    const manifest = await read<Manifest>(`packages/${name.slice('@shoal/'.length)}/package.json`);
    for (const dependency of Object.keys(manifest.dependencies ?? {}))
      if (dependency.startsWith('@shoal/')) ours.push(dependency);
      else names.add(dependency);
  }
  return names;
}

describe('what others wrote', () => {
  test.each(LIMITS)('%s comes with at most %d packages of it', async (app, limit) => {
    const count = closureOf(await namesOf(app)).size;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThanOrEqual(limit);
  });

  test.each(LIMITS)('%s has it locked to its bytes', async (app) => {
    const loose = [...closureOf(await namesOf(app))].filter(
      (place) => !packages[place]!.integrity?.startsWith('sha512-'),
    );
    expect(loose).toEqual([]);
  });

  test('runs nothing when a program is installed', async () => {
    for (const [app] of LIMITS) {
      const scripted = [...closureOf(await namesOf(app))].filter(
        (place) => packages[place]!.hasInstallScript,
      );
      expect(scripted).toEqual([]);
    }
  });
});
