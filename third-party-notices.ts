/** Licences ask that their text goes along: a program names what of npm's was bundled into it. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Options } from 'tsup';

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** The package that a file belongs to: the last `node_modules/NAME` or `node_modules/@SCOPE/NAME`. */
const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** Writes name, version and licence of each bundled package beside the program, in THIRD-PARTY.txt. */
export function thirdPartyNotices(): Plugin {
  return {
    name: 'third-party-notices',
    setup(build) {
      build.initialOptions.metafile = true;
      build.onEnd(async ({ metafile }) => {
        const outputs = Object.values(metafile?.outputs ?? {});
        const files = outputs.flatMap(({ inputs }) => Object.keys(inputs));
        const folders = new Set(files.flatMap((file) => PACKAGE_FOLDER.exec(file)?.[0] ?? []));
        const notices = await Promise.all([...folders].map(noticeOf));
        const folder = build.initialOptions.outdir ?? 'dist';
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, 'THIRD-PARTY.txt'), notices.sort().join('\n'));
      });
    },
  };
}

/** @throws Error when a package has no text of its licence and none is named */
async function noticeOf(folder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).find((name) => /^(licen[cs]e|copying)\b/i.test(name));
  if (file === undefined && manifest.license === undefined)
    throw new Error(`${folder} has no licence: it may not be bundled`);
  const text = file === undefined ? '' : `\n${await readFile(join(folder, file), 'utf8')}`;
  return `${manifest.name} ${manifest.version} (${manifest.license})\n${text}`;
}
