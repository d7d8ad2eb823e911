/** A real redis-server of one test, on a free port, with nothing on disk. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Why tests with Redis are skipped; with `CI` set none is, and without Redis they fail. */
export const REDIS_MISSING: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0 || process.env.CI !== undefined
    ? undefined
    : 'redis-server is not installed (apt-get install redis-server)';

export class RedisServer {
  readonly port: number;
  #process: ChildProcess | undefined;

  constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort());
    await server.start();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/1`;
  }

  /** Starts it, empty, and waits until it takes connections. */
  async start(): Promise<void> {
    const args = [
      '--port',
      String(this.port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'], cwd: '/' });
    this.#process = child;
    let text = '';
    for await (const bytes of child.stdout) {
      text += String(bytes);
      if (/ready to accept connections/i.test(text)) break;
    }
  }

  command(...args: string[]): string {
    return spawnSync('redis-cli', ['-p', String(this.port), '-n', '1', ...args]).stdout.toString();
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
