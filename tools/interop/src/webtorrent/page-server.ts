/**
 * Serves a page that runs WebTorrent's browser bundle on this host: `node page-server.ts BUNDLE`.
 * Prints `{"event":"ready"}` with its URL, then what the page reports, a JSON line each. On
 * loopback: a browser gives a page its cryptography only there or over HTTPS.
 */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const [bundle = ''] = process.argv.slice(2);
const FILES: Readonly<Record<string, { readonly path: string; readonly type: string }>> = {
  '/': { path: join(import.meta.dirname, 'page.html'), type: 'text/html' },
  '/page.js': { path: join(import.meta.dirname, 'page.js'), type: 'text/javascript' },
  '/webtorrent.min.js': { path: bundle, type: 'text/javascript' },
};

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const file = FILES[pathname];
  if (request.method === 'POST') {
    for await (const bytes of request) process.stdout.write(bytes);
    console.log();
    response.end();
  } else if (file === undefined) {
    response.writeHead(404).end();
  } else {
    response.writeHead(200, { 'Content-Type': file.type }).end(await readFile(file.path));
  }
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
console.log(JSON.stringify({ event: 'ready', url: `http://127.0.0.1:${port}/` }));
