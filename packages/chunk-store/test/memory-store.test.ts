import { chunkStoreContract } from '../src/contract.ts';
import { MemoryStore } from '../src/index.ts';

chunkStoreContract('MemoryStore', async (layout) => new MemoryStore(layout));
