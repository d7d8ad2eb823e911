import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileStore } from '@shoal/chunk-store';

const root = await mkdtemp(join(tmpdir(), 'shoal-'));
const store = new FileStore({
  root,
  chunkLength: 4,
  files: [
    { path: ['set', 'a.txt'], length: 6, isPad: false },
    { path: ['set', 'b.txt'], length: 4, isPad: false },
  ],
});
const bytes = new TextEncoder().encode('chunk by 2');
await store.put(1, bytes.subarray(4, 8)); // the end of a.txt and the start of b.txt
await store.put(0, bytes.subarray(0, 4));
await store.put(2, bytes.subarray(8));
await store.sync(); // durable: a state file may claim it
console.log(new TextDecoder().decode(await store.get(1, 1, 3)));
console.log(await readFile(join(root, 'set', 'a.txt'), 'utf8'));
await store.close();
