import type { Change } from './change';

const MIGRATION = 'lambda/migrations/20251127090000_care/migration.sql';

/** Changes of the jobs of care. */
export const CARE_CHANGES: readonly Change[] = [
  {
    what: 'care_user may not see the form of statements',
    file: MIGRATION,
    find: 'monitoring.statements(), dba.statements() TO care_user',
    replace: 'monitoring.statements() TO care_user',
    says: /care_user|Slow statements/,
  },
  {
    what: 'care_user reads one column more than is written down',
    file: MIGRATION,
    find: 'GRANT SELECT (id, is_active, created_at) ON salons TO care_user;',
    replace: 'GRANT SELECT (id, is_active, created_at, updated_at) ON salons TO care_user;',
    says: /granted by hand: care_user: SELECT on column public\.salons\.updated_at/,
  },
  {
    what: 'the hourly job counts the day before',
    file: 'lambda/care-database/tasks/intents.ts',
    find: ': [today]',
    replace: ': [day(now.getTime() - DAY_MS)]',
    says: /job intents counted 0 intents/,
  },
  {
    what: 'a job does not say that it succeeded',
    file: 'lambda/care/index.ts',
    find: '    if (!publishesSuccess(job, started)) return;\n',
    replace: '    if (publishesSuccess(job, started)) return;\n',
    says: /did not publish care_\w+_successes/,
  },
  {
    what: 'a job sends nothing',
    file: 'lambda/care/index.ts',
    find: "if (job !== 'intents') await",
    replace: "if (job === 'intents') await",
    says: /sent 0 notifications; expected: 1/,
  },
];
