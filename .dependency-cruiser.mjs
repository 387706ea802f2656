/**
 * The direction of imports: each room and the rooms that it may import, in the order in which they build on each other. A new room
 * is a new line; there are no exceptions.
 */
const below = {
  'lib/shared': [],
  'lib/contract': ['lib/shared'],
  'lib/config': ['lib/shared', 'lib/contract'],
  'lib/monitoring': ['lib/shared', 'lib/contract', 'lib/config'],
  'lib/recovery-documents': ['lib/shared', 'lib/contract', 'lib/config', 'lib/monitoring'],
  'lib/runbooks': ['lib/shared', 'lib/contract', 'lib/config', 'lib/monitoring', 'lib/recovery-documents'],
};
const data = Object.keys(below);
below['lib/constructs'] = data;
below['lib/stacks'] = [...data, 'lib/constructs'];
below['lib/stage'] = [...below['lib/stacks'], 'lib/stacks'];
below['lib/app'] = [...data, 'lib/stage', 'cdk.json'];

// What works with the app or with what it synthesizes.
const app = [...data, 'lib/app'];
below['lib/assembly'] = app;
below['lib/local-postgres'] = ['lib/shared', 'lib/contract'];
below['lib/migration-lint'] = ['lib/shared', 'lib/contract'];
below['lib/import'] = ['lib/shared', 'lib/contract'];
below['lib/move-rehearsal'] = ['lib/shared', 'lib/contract', 'lib/import'];
below['lib/prisma'] = ['lib/shared'];
below['lib/account'] = ['lib/assembly'];
below['lib/cost'] = [...app, 'lib/assembly', 'lib/account'];
below['lib/safe-change'] = [...app, 'lib/assembly', 'lib/account'];
below['lib/review'] = [...app, 'lib/constructs', 'lib/safe-change'];
below['lib/drift'] = [...app, 'lib/assembly', 'lib/account', 'lib/safe-change'];
below['lib/preflight'] = [...app, 'lib/assembly', 'lib/account'];
below['lib/benchmark'] = [...app, 'lib/assembly', 'lib/local-postgres', 'lib/review'];
below['lib/readiness'] = ['lib/shared', 'lib/contract', 'lib/benchmark'];
below['lib/rehearsal'] = [
  ...app,
  ...['lib/assembly', 'lib/local-postgres', 'lib/benchmark', 'lib/readiness', 'lib/cost', 'lib/move-rehearsal'],
];
below['lib/upgrade'] = [
  ...app,
  'lib/assembly',
  'lib/local-postgres',
  'lib/benchmark',
  'lib/move-rehearsal',
  'lib/rehearsal',
];
below['lib/capacity'] = [...app, 'lib/benchmark', 'lib/cost'];
below['lib/backtest'] = [...app, 'lib/assembly', 'lib/rehearsal'];
const rooms = Object.keys(below);
below['lib/commands'] = rooms;
below['bin'] = [...rooms, 'lib/commands'];
// The drift function runs in the account what the command runs on a person's machine; no other function may (a rule below).
const driftRooms = ['lib/account', 'lib/drift'];
below['lambda'] = ['lib/contract', ...driftRooms];

/** The same between the folders of lib/constructs; the files beside them serve all. */
const constructs = [
  'functions',
  'database',
  'cache',
  'delivery',
  'network',
  'notifications',
  'backup',
  'drills',
  'recovery',
  'care',
  'monitoring',
];

/** Rooms that run the functions' bundles, and therefore take the types of their entry points. */
const runsFunctions = '^lib/(benchmark|rehearsal)/';

const path = (room) => `^${room.replaceAll('.', '\\.')}(/|\\.[a-z]+$|$)`;
const any = (list) => `(${list.map(path).join('|')})`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...Object.entries(below).map(([room, allowed]) => ({
      name: `${room}-imports-only-what-is-below`,
      severity: 'error',
      from: { path: path(room) },
      // lib's imports of lambda have rules of their own, below.
      to: {
        path: '^(lib|lambda|bin|test|cdk\\.json)',
        pathNot: any([room, ...allowed, ...(room === 'lambda' ? [] : ['lambda'])]),
      },
    })),
    ...constructs.map((folder, index) => ({
      name: `constructs-${folder}-imports-only-what-is-below`,
      severity: 'error',
      from: { path: `^lib/constructs/${folder}/` },
      to: { path: `^lib/constructs/(${[...constructs.slice(index + 1), 'none'].join('|')})/` },
    })),
    {
      name: 'every-room-is-listed',
      comment: 'a new folder or file directly below lib, bin or lambda needs a line in .dependency-cruiser.mjs',
      severity: 'error',
      from: { path: '^(lib|bin|lambda)', pathNot: any(Object.keys(below)) },
      to: {},
    },
    {
      name: 'lib-takes-only-types-from-lambda',
      severity: 'error',
      from: { path: '^(lib|bin)/' },
      to: { path: '^lambda/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'lib-takes-only-the-env-of-a-function',
      severity: 'error',
      from: { path: '^(lib|bin)/', pathNot: runsFunctions },
      to: { path: '^lambda/', pathNot: '^lambda/[^/]+/env\\.ts$' },
    },
    {
      name: 'rooms-that-run-functions-take-env-or-index',
      severity: 'error',
      from: { path: runsFunctions },
      to: { path: '^lambda/', pathNot: '^lambda/[^/]+/(env|index)\\.ts$' },
    },
    {
      name: 'only-the-drift-function-runs-the-drift',
      severity: 'error',
      from: { path: '^lambda/', pathNot: '^lambda/drift/' },
      to: { path: any(driftRooms) },
    },
    {
      name: 'a-function-imports-no-other-function',
      severity: 'error',
      from: { path: '^lambda/([^/]+)/' },
      to: { path: '^lambda/', pathNot: '^lambda/($1|shared)/' },
    },
    {
      name: 'data-and-functions-stay-free-of-cdk',
      severity: 'error',
      from: { path: '^(lib/(shared|contract|config|monitoring|recovery-documents|runbooks)|lambda)/' },
      to: { path: 'node_modules/(aws-cdk-lib|constructs)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
