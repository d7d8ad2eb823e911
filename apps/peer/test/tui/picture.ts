/**
 * Takes the picture of the README: the screen with the fake engine on a real terminal, as SVG.
 *
 *     node apps/peer/test/tui/picture.ts [FILE] [KIND] [COLUMNSxROWS] [KEYS] [dark|light]
 *
 * Needs tmux. KEYS are tmux's names, separated by blanks.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { ansiToSvg, DARK, LIGHT } from './ansi-svg.ts';
import { buildDemo } from './build-demo.ts';
import { openTerminal } from './tmux.ts';

const README_PICTURE = join(import.meta.dirname, '../../../../docs/pictures/shoal.svg');
/** Long enough for the fake engine to show some life. */
const WARM_UP_MS = 3000;
const KEY_MS = 700;

const [file = README_PICTURE, kind = 'picture', size = '100x31', keys = '', look = 'dark'] =
  process.argv.slice(2);
const [columns, rows] = size.split('x').map(Number) as [number, number];
const terminal = await openTerminal({
  columns,
  rows,
  command: [process.execPath, await buildDemo(), kind],
  env: { NODE_ENV: 'production', COLORTERM: '' },
});
await wait(WARM_UP_MS);
for (const key of keys.split(' ').filter((name) => name !== '')) {
  await terminal.keys(key);
  await wait(KEY_MS);
}
const svg = ansiToSvg(await terminal.styled(), look === 'light' ? LIGHT : DARK, columns, rows);
await terminal.close();
await writeFile(file, svg);
console.log(`${file}: ${Math.round(svg.length / 1024)} KiB`);
