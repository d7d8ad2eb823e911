import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import {
  firstCertificate,
  secondCertificate,
  type TemporaryFolder,
  temporaryFolder,
} from '@shoal/testkit';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { eventsOf, type Run, ready, startTracker } from './tracker-process.ts';

const NOWHERE = ['--http', 'off', '--udp', 'off'];
const HERE = [...NOWHERE, '--https', '127.0.0.1:0', '--wss', '127.0.0.1:0', '--json'];
const REQUEST = `GET /announce?info_hash=${'%01'.repeat(20)}&peer_id=${'p'.repeat(20)}&port=1 HTTP/1.1\r\n\r\n`;

let folder: TemporaryFolder;
let certPath: string;
let keyPath: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  onTestFinished(() => folder.remove());
  certPath = join(folder.path, 'cert.pem');
  keyPath = join(folder.path, 'key.pem');
  await writePair(firstCertificate.cert, firstCertificate.key);
});

async function writePair(cert: string, key: string): Promise<void> {
  await writeFile(certPath, cert);
  await writeFile(keyPath, key);
}

function run(...args: string[]): Run {
  return startTracker(args);
}

async function open(address: string): Promise<TLSSocket> {
  const port = Number(address.split(':')[1]);
  const ca = [firstCertificate.cert, secondCertificate.cert];
  const socket = connect({ host: '127.0.0.1', port, ca });
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'secureConnect');
  return socket;
}

async function nameOf(address: string): Promise<string> {
  const socket = await open(address);
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return `${subject.CN}`;
}

async function announce(socket: TLSSocket): Promise<string> {
  socket.write(REQUEST);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return answer.toString('latin1');
}

test.each([[[]], [['--workers', '2']]])(
  'SIGHUP reads the certificate again while connections stay open %j',
  async (args: string[]) => {
    const tracker = run(...HERE, '--tls-cert', certPath, '--tls-key', keyPath, ...args);
    const { https, wss } = (await ready(tracker)) as unknown as { https: string; wss: string };
    const before = await open(https);
    expect(await announce(before)).toContain('10:incompletei1e');

    await writePair(secondCertificate.cert, secondCertificate.key);
    tracker.kill('SIGHUP');
    await expect.poll(tracker.stdout).toMatch(/"reloaded","certificateEnds":"2\d{3}-/);
    // Workers hear of it a moment later, each by itself.
    await expect
      .poll(() => Promise.all(Array.from({ length: 8 }, () => nameOf(https))))
      .toEqual(Array(8).fill('second.example'));
    expect(await nameOf(wss)).toBe('second.example');
    expect(await announce(before)).toContain('10:incompletei1e');

    await writeFile(keyPath, firstCertificate.key);
    tracker.kill('SIGHUP');
    await expect.poll(tracker.stderr).toContain('the old one stays');
    expect(await nameOf(https)).toBe('second.example');
    expect(await announce(before)).toContain('10:incompletei1e');
    expect(tracker.stderr()).not.toContain('PRIVATE KEY');

    tracker.kill('SIGTERM');
    expect(await tracker.exitCode).toBe(0);
    expect(eventsOf(tracker).at(-1)).toMatchObject({ event: 'stopped', peerCount: 1 });
  },
);

test('says the secure announce URLs to people', async () => {
  const where = [...NOWHERE, '--https', '127.0.0.1:0', '--wss', '127.0.0.1:0'];
  const tracker = run(...where, '--tls-cert', certPath, '--tls-key', keyPath);
  await expect
    .poll(tracker.stdout, { timeout: 10_000 })
    .toMatch(/^Tracker ready: https:\/\/127.*\/announce and wss:\/\/127.*\/announce\n$/);
});

test('--check-config finds a certificate that is none, missing, or of no use', async () => {
  const check = async (...args: string[]): Promise<string> => {
    const tracker = run(...NOWHERE, ...args, '--check-config');
    expect(await tracker.exitCode).toBe(28);
    return tracker.stderr();
  };
  const listen = ['--https', '0', '--tls-cert', certPath];
  expect(await check('--https', '0')).toMatch(/--https and --wss need a certificate and its key\./);
  expect(await check(...listen)).toMatch(/need a certificate and its key\./);
  expect(await check(...listen, '--tls-key', '/nowhere')).toMatch(/\/nowhere does not exist\./);
  expect(await check(...listen, '--tls-key', certPath)).toMatch(/are of no use: .*\./);
  expect(await check('--ws', '0', '--tls-key', keyPath)).toMatch(/do nothing without --https/);
  expect(await check('--https', '7000', '--wss', '7000')).toMatch(
    /Both --https and --wss have port 7000\. Give each a port of its own\./,
  );
});
