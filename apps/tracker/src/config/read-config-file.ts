/** Reads a configuration file: TOML, a key for each flag. */
import { readFile } from 'node:fs/promises';
import { CliError, ExitCode, explaining } from '@shoal/cli';
import { parse, TomlError } from 'smol-toml';

/** Deeper than any value of ours. */
const MAX_DEPTH = 8;

/**
 * @returns what stands in the file by key, of any type
 * @throws CliError when it cannot be read, or with the place where it is no TOML
 */
export async function readConfigFile(path: string): Promise<ReadonlyMap<string, unknown>> {
  const text = await explaining(path, () => readFile(path, 'utf8'));
  try {
    return new Map(Object.entries(parse(text, { maxDepth: MAX_DEPTH })));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [what = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n');
    throw new CliError(
      ExitCode.badOption,
      `${path}: line ${error.line}, column ${error.column} is no TOML: ${what}.`,
      'Write lines such as interval = 600 or http = "0.0.0.0:6969".',
      { cause: error },
    );
  }
}
