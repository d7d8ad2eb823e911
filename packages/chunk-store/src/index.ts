/** Where verified pieces live: one interface and its stores. */
export type { ChunkStore, FileMark, StoredFile, StoreErrorCode } from './chunk-store.ts';
export { StoreError } from './chunk-store.ts';
export type { FileStoreOptions } from './files/file-store.ts';
export { FileStore } from './files/file-store.ts';
export { type FileSystem, nodeFileSystem } from './files/file-system.ts';
export { HandlePool } from './files/handle-pool.ts';
export { MemoryStore } from './memory-store.ts';
export type { ChunkFolderStoreOptions } from './parts/chunk-folder-store.ts';
export { ChunkFolderStore } from './parts/chunk-folder-store.ts';
export type { CopyOptions, CopyProgress, CopyResult } from './parts/copy-chunks.ts';
export { copyChunks } from './parts/copy-chunks.ts';
export type { ChunkManifest } from './parts/manifest.ts';
export { readManifest } from './parts/manifest.ts';
export type { MergeOptions, MergeResult } from './parts/merge-folder.ts';
export { mergeFolder } from './parts/merge-folder.ts';
export { partName } from './parts/part-name.ts';
export type { SplitOptions, SplitResult } from './parts/split-file.ts';
export { SPLIT_CHUNK_LENGTH, splitFile } from './parts/split-file.ts';
