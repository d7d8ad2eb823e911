import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { shoal } from './start-shoal.ts';

const COMMANDS = ['', 'get', 'create', 'show', 'verify', 'split', 'merge'];

it.each(COMMANDS)('shoal %s --help ends in examples of flags that it has', async (command) => {
  const { code, stdout } = await shoal([command, '--help'].filter(Boolean), { cwd: tmpdir() });
  expect(code).toBe(0);
  const [flags = '', examples = ''] = stdout.split('\nExamples:\n');
  const lines = examples.split('\n').filter((line) => line.startsWith('  shoal '));
  expect(lines.length).toBeGreaterThanOrEqual(2);
  for (const line of lines) {
    expect(line.length).toBeLessThanOrEqual(80);
    expect(line.startsWith(`  shoal ${command}`)).toBe(true);
    for (const used of line.match(/(?<= )--?[a-z][a-z-]*/g) ?? [])
      expect(flags).toMatch(new RegExp(`(^|[ ,])${used}[ ,\\n]`, 'm'));
  }
});
