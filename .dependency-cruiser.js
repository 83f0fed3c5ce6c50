/**
 * The import rules of the project: one table of layers, enforced by `npm run lint`.
 * A folder may import its own layer's siblings only where the table says so, and every layer above it in the list.
 */

const GROUND = ['core', 'contracts', 'words'];
const PURE = ['crypto', 'evidence', 'appraisal', 'tokens', 'block-list', 'relying-party'];
const STATEFUL = ['db', 'audit', 'auth', 'changes'];
const DOMAINS = [
  'apps',
  'devices',
  'blocks',
  'cut-offs',
  'policies',
  'telemetry',
  'views',
  'signing-keys',
  'api-keys',
  'relying-parties',
  'certificates',
  'integrity',
  'evidence-archive',
  'endorsements',
  'incidents',
  'posture',
];
/** Address data sets, in memory: only who serves devices, or simulates them, carries these. */
const ENRICHMENT = ['enrichment'];
/** Where connections that people ask for may go. */
const OUTBOUND = ['outbound'];
const RUNTIME = ['live', 'service', 'jobs'];

/** What each layer may import from `lib/`, besides itself. */
const LAYERS = [
  { name: 'ground', folders: GROUND, mayImport: [] },
  { name: 'pure-stem', folders: PURE, mayImport: GROUND },
  { name: 'stateful-stem', folders: STATEFUL, mayImport: GROUND },
  { name: 'enrichment', folders: ENRICHMENT, mayImport: GROUND },
  { name: 'outbound', folders: OUTBOUND, mayImport: GROUND },
  { name: 'domains', folders: DOMAINS, mayImport: [...GROUND, ...PURE, ...STATEFUL, ...OUTBOUND] },
  {
    name: 'runtime',
    folders: RUNTIME,
    mayImport: [...GROUND, ...PURE, ...STATEFUL, ...ENRICHMENT, ...OUTBOUND, ...DOMAINS],
  },
];

const any = (folders) => `^lib/(${folders.join('|')})/`;
/** By which a module may be entered from outside. */
const ENTRANCES = [
  '^lib/[^/]+/index\\.ts$',
  '^lib/(db|evidence|live|telemetry|service|tokens)/[^/]+/index\\.ts$',
  '^lib/[^/]+/testing/',
  '^lib/[^/]+/[^/]+/testing/',
];
const TESTS = '(\\.test\\.tsx?$|/testing/)';

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-product',
      severity: 'error',
      from: { path: '^(app|components|lib)/', pathNot: TESTS },
      to: { dependencyTypes: ['npm-dev'], pathNot: '/(typescript|@types|tailwindcss)/' },
    },
    ...LAYERS.map(({ name, folders, mayImport }) => ({
      name: `layer-${name}`,
      comment: 'ground < pure stem; ground < stateful stem < domains < live, service, jobs < app, cli',
      severity: 'error',
      from: { path: any(folders), pathNot: TESTS },
      to: { path: '^lib/', pathNot: any([...folders, ...mayImport]) },
    })),
    {
      name: 'sdk-stands-alone',
      severity: 'error',
      from: { path: '^lib/sdk/', pathNot: TESTS },
      to: { path: '^(lib|app|components|drizzle)/', pathNot: '^lib/sdk/' },
    },
    ...[
      { from: '^lib/([^/]+)/', own: ['^lib/$1/'] },
      { from: '^(app|components|bench|e2e)/', own: [] },
    ].map(({ from, own }) => ({
      name: 'enter-by-index',
      comment:
        "Another module is entered by its index.ts only (a module's own sub-modules may have one too).",
      severity: 'error',
      from: { path: from },
      to: {
        path: '^lib/([^/]+)/',
        pathNot: [...own, ...ENTRANCES],
      },
    })),
    {
      name: 'database-libraries-stay-in-stores',
      severity: 'error',
      from: {
        path: '^(app|components|lib)/',
        pathNot: [
          '^lib/(db|changes)/',
          '^lib/[^/]+/([a-z-]*store\\.ts$|store/)',
          '^lib/telemetry/queries/',
          TESTS,
        ],
      },
      to: { path: ['^node_modules/(drizzle-orm|postgres)/', '^drizzle/'] },
    },
    {
      name: 'pure-stem-does-no-io',
      severity: 'error',
      from: { path: any(PURE), pathNot: TESTS },
      to: {
        path: [
          '^(node:)?(fs|net|http|https|dns|tls|child_process|worker_threads)(/|$)',
          '^node_modules/(next|pino)/',
        ],
      },
    },
    {
      name: 'address-look-up-does-no-io',
      comment: 'Data sets are read in one place; what is asked of them is pure.',
      severity: 'error',
      from: { path: any(ENRICHMENT), pathNot: ['^lib/enrichment/load\\.ts$', TESTS] },
      to: {
        path: ['^(node:)?(fs|net|http|https|dns|tls|child_process|worker_threads)(/|$)'],
      },
    },
    {
      name: 'testing-only-from-tests',
      severity: 'error',
      from: { path: '^(app|components|lib)/', pathNot: [TESTS, '^lib/cli/simulate/'] },
      to: { path: '/testing/' },
    },
    {
      name: 'components-are-presentational',
      severity: 'error',
      from: { path: '^components/([^/]+)/' },
      to: {
        path: '^(app|components|lib|drizzle)/',
        pathNot: [
          '^components/(ui|charts|console|data-table|query)/',
          '^components/$1/',
          '^lib/(contracts|words)/',
        ],
      },
    },
    {
      name: 'components-take-types-of-contracts',
      comment: 'A schema brings zod along: 40 KB of script on every page that uses one.',
      severity: 'error',
      from: { path: '^components/', pathNot: TESTS },
      to: { path: '^lib/contracts/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'lib-knows-no-ui',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: ['^(app|components)/', '^node_modules/(react|react-dom|recharts)/'] },
    },
    {
      name: 'console-holds-no-service-secrets',
      severity: 'error',
      from: { path: '^(app|components)/' },
      to: { path: ['^lib/(service|jobs|cli|enrichment)/', '^lib/tokens/signing/'] },
    },
    {
      name: 'nothing-imports-the-cli',
      severity: 'error',
      from: { pathNot: ['^lib/cli/', '^(e2e|bench)/'] },
      to: { path: '^lib/cli/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|\\.build)' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
