/** One case's surroundings: hosts, an empty folder, and the programs that it started. */
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Host, Hosts } from './hosts.ts';
import { Program } from './program.ts';
import { output } from './run.ts';

export class Arena {
  readonly #hosts: Hosts | undefined;
  /** Aborts when the case's time is over or the run is stopped. */
  readonly signal: AbortSignal;
  /** Deleted at the end. */
  readonly folder: string;
  readonly #programs: Program[] = [];
  readonly #notes: string[] = [];

  private constructor(hosts: Hosts | undefined, signal: AbortSignal, folder: string) {
    this.#hosts = hosts;
    this.signal = signal;
    this.folder = folder;
  }

  static async open(hosts: Hosts | undefined, signal: AbortSignal): Promise<Arena> {
    const folder = await mkdtemp(join(tmpdir(), 'shoal-interop-'));
    await chmod(folder, 0o755);
    return new Arena(hosts, signal, folder);
  }

  /** The n-th host, 1 up. */
  host(n: number): Host {
    const host = this.#hosts?.all[n - 1];
    if (!host) throw new RangeError(`host ${n} of ${this.#hosts?.all.length ?? 0}`);
    return host;
  }

  /** Makes a folder below the case's own, e.g. a program's home. */
  async subfolder(...names: string[]): Promise<string> {
    const path = join(this.folder, ...names);
    await mkdir(path, { recursive: true });
    return path;
  }

  /** Keeps a text that is printed below the case's line: what it measured. */
  note(text: string): void {
    this.#notes.push(text);
  }

  get notes(): readonly string[] {
    return this.#notes;
  }

  /** Starts a program on a host; it is stopped at the end of the case. */
  start(host: Host, name: string, argv: readonly string[]): Program {
    const home = this.folder;
    const program = new Program({
      name,
      argv: Hosts.on(host, argv),
      cwd: home,
      env: { ...process.env, HOME: home, XDG_STATE_HOME: home, XDG_CONFIG_HOME: home },
    });
    this.#programs.push(program);
    return program;
  }

  /** Runs a command on a host to its end. @returns its standard output */
  ask(host: Host, argv: readonly string[]): Promise<string> {
    return output(Hosts.on(host, argv), { signal: this.signal });
  }

  /** What each program printed last, for the report of a failure. */
  transcript(lineCount: number): string {
    return this.#programs
      .map(({ name, output: said }) => {
        const lines = said.trimEnd().split('\n').slice(-lineCount);
        return [`--- ${name}`, ...lines].join('\n    ');
      })
      .join('\n');
  }

  async close(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.stop()));
    await rm(this.folder, { recursive: true, force: true });
  }
}
