#!/usr/bin/env node
// Runs on any Node: says which one is needed before it loads anything newer.
var major = Number(process.versions.node.split('.')[0]);
if (major >= 24) {
  // What SIGHUP asks for happens anyway while nothing is read yet, and after the end.
  process.on('SIGHUP', () => {});
  import('../dist/main.js').catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !/dist.main\.js/.test(error.message)) throw error;
    console.error('shoal-tracker: It is not built yet. Run npm run build in its workspace.');
    process.exitCode = 1;
  });
} else {
  console.error(
    'shoal-tracker: Node.js ' +
      process.versions.node +
      ' is too old. Install Node.js 24 or newer (https://nodejs.org).',
  );
  process.exitCode = 1;
}
