/** The files of the admin page, read once: nothing is looked up on disk by what a request says. */
import { readFileSync } from 'node:fs';

/** Beside this file, and beside the program when it is built. */
const FOLDER = new URL('./page/', import.meta.url);

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const;

/** By request path. */
const NAMES: Readonly<Record<string, `${string}.${keyof typeof TYPES}`>> = {
  '/': 'index.html',
  '/style.css': 'style.css',
  '/icon.svg': 'icon.svg',
  '/page.js': 'page.js',
  '/chart.js': 'chart.js',
  '/format.js': 'format.js',
  '/lists.js': 'lists.js',
  '/search.js': 'search.js',
};

/** One file as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

/** All of them by request path. */
export function readPageFiles(): ReadonlyMap<string, PageFile> {
  return new Map(
    Object.entries(NAMES).map(([path, name]) => {
      const ending = name.slice(name.lastIndexOf('.') + 1) as keyof typeof TYPES;
      return [path, { type: TYPES[ending], body: readFileSync(new URL(name, FOLDER)) }];
    }),
  );
}
