import type { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { flag, parsePort } from '../src/flag.ts';
import { explainUsage, flagsOf, newProgram, subcommand, unknownWord } from '../src/program.ts';

/** `prog [-p N] run [-p N] [--no-dht]`: what `run` sees. */
function run(...args: readonly string[]): { port?: number; dht: boolean } {
  let seen = { dht: true };
  const program = newProgram('prog', '1.0.0', 'x', 'The end.').addOption(
    flag('-p, --port <n>', 'x', parsePort),
  );
  program.addOption(flag('--no-dht', 'x'));
  subcommand(program, 'run', 'x')
    .addOption(flag('-p, --port <n>', 'x', parsePort))
    .addOption(flag('--no-dht', 'x'))
    .action((_flags, command) => {
      seen = flagsOf(command);
    });
  program.parse([...args], { from: 'user' });
  return seen;
}

describe('a program with subcommands', () => {
  it('takes a flag before or behind the subcommand, and the one behind wins', () => {
    expect(run('run', '-p', '1').port).toBe(1);
    expect(run('-p', '2', '--no-dht', 'run')).toMatchObject({ port: 2, dht: false });
    expect(run('-p', '2', 'run', '-p', '3').port).toBe(3);
    expect(run('run').dht).toBe(true);
  });

  it('says in its help what a flag is by default, and at the end what it was given', () => {
    const program = newProgram('prog', '1.0.0', 'x', 'The end.')
      .addOption(flag('--size <n>', 'a size').default(5))
      .addOption(flag('--place <p>', 'a place').default({ port: 1 }, 'port 1'))
      .addOption(flag('--none', 'nothing'));
    let help = '';
    program.configureOutput({
      writeOut: (text) => {
        help += text;
      },
    });
    program.outputHelp();
    expect(help).toMatch(/a size \(default: 5\)/);
    expect(help).toMatch(/a place \(default: port 1\)/);
    expect(help).toMatch(/ nothing\n/);
    expect(help).toMatch(/\nThe end\.\n$/);
  });

  it('has --debug on both sides and refuses what it does not know', () => {
    expect(run('--debug', 'run', '--debug')).toMatchObject({ debug: true });
    expect(() => run('run', '--nothing')).toThrow(/unknown option/);
  });

  it('names the help of the command that was used wrongly', () => {
    const program = newProgram('prog', '1.0.0', 'x', '');
    subcommand(program, 'show <path>', 'x').action(() => {});
    const complaint = (...args: string[]): string | undefined => {
      try {
        program.parse(args, { from: 'user' });
      } catch (error) {
        return explainUsage(error as CommanderError, 'prog')?.nextStep;
      }
    };
    expect(complaint('show')).toBe('Run prog show --help for its flags.');
    expect(complaint('--nope')).toBe('Run prog --help for the commands and flags.');
  });

  it('tells a mistyped command from what is far from any', () => {
    const program = newProgram('prog', '1.0.0', 'x', '');
    subcommand(program, 'show <path>', 'x');
    expect(unknownWord(program, 'shw')).toMatchObject({
      exitCode: 2,
      sentence: 'There is no command shw.',
      nextStep: 'Perhaps prog show was meant.',
    });
    expect(unknownWord(program, 'reef', ' or file')).toMatchObject({
      exitCode: 1,
      sentence: 'There is no command or file reef.',
      nextStep: 'Run prog --help for the commands.',
    });
  });
});
