/** The floors: a package imports only from floors below it, never sideways, and only its exports. */
const FLOOR_1 = 'metainfo|wire|chunk-store|tracker|discovery';
/** Code that decides or decodes: bytes and data in, bytes and decisions out. */
const PURE = [
  '^packages/(units|bencode|wire)/src/',
  '^packages/tracker/src/protocol/',
  '^packages/engine/src/(picking|peers/(address-book|admission|ban-list|choker|greeting|peer-pool|silence)|transfer/(rate-limiter|rate-meter))',
];

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'floor-0',
      severity: 'error',
      from: { path: '^packages/(units|bencode)/src/' },
      to: { path: '^(packages|apps|tools)/', pathNot: '^packages/$1/' },
    },
    {
      name: 'floor-1',
      severity: 'error',
      from: { path: `^packages/(${FLOOR_1})/src/` },
      to: { path: '^(packages|apps|tools)/', pathNot: '^packages/($1|units|bencode)/' },
    },
    {
      name: 'floor-2',
      severity: 'error',
      from: { path: '^packages/engine/src/' },
      to: { path: '^(apps|tools)/' },
    },
    {
      name: 'tracker-app-without-engine',
      severity: 'error',
      from: { path: '^apps/tracker/' },
      to: { path: '^packages/engine/' },
    },
    {
      name: 'apps-do-not-import-apps',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'only-through-exports',
      severity: 'error',
      from: { path: '^(?:packages|apps|tools)/([^/]+)/' },
      to: {
        path: '^packages/[^/]+/src/',
        pathNot: [
          '^packages/$1/',
          '^packages/[^/]+/src/(index|contract)\\.ts$',
          '^packages/tracker/src/(protocol|client|server|server/redis)/index\\.ts$',
        ],
      },
    },
    {
      name: 'pure-without-io',
      severity: 'error',
      from: { path: PURE },
      to: {
        path: '^(node:)?(net|dgram|fs|fs/promises|http|https|timers|timers/promises|dns|tls)$',
      },
    },
    {
      name: 'declared-packages-only',
      severity: 'error',
      from: { path: '^(packages|apps|tools)/[^/]+/src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'undetermined'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.base.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    exclude: { path: '/dist/' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@shoal/source', 'import', 'node', 'default', 'types'],
    },
  },
};
