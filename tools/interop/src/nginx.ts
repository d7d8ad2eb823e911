/** nginx with a configuration of its own, in the foreground, on port 80 of a host. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arena } from './arena.ts';
import type { Host } from './hosts.ts';
import { until } from './until.ts';

/**
 * Serves a folder.
 * @param directives - more lines of the server: `max_ranges 0;`
 * @returns its URL, with a slash at the end
 */
export async function serveFolder(
  arena: Arena,
  host: Host,
  folder: string,
  ...directives: readonly string[]
): Promise<string> {
  const home = await arena.subfolder(`nginx-${host.v4}`);
  const config = join(home, 'nginx.conf');
  await writeFile(config, configuration(home, folder, directives));
  arena.start(host, `nginx on ${host.v4}`, ['nginx', '-p', home, '-c', config]);
  const url = `http://${host.v4}/`;
  const script = `fetch('${url}').then(() => console.log('there'), () => {})`;
  await until('nginx to answer', arena.signal, async () =>
    (await arena.ask(host, [process.execPath, '--eval', script])) === '' ? undefined : true,
  );
  return url;
}

function configuration(home: string, folder: string, directives: readonly string[]): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
user root;
worker_processes 1;
pid ${join(home, 'nginx.pid')};
error_log stderr warn;
events {}
http {
  access_log ${join(home, 'access.log')};
  ${temporary.map((name) => `${name}_temp_path ${join(home, name)};`).join('\n  ')}
  server {
    listen 80;
    root ${folder};
    ${directives.join('\n    ')}
  }
}
`;
}
