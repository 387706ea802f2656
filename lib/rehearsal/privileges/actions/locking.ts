import { APP_USER, METRICS_USER, READONLY_USER, RECOVERY_USER } from '../../../contract/roles';
import { type ActionGroup, EVERYBODY, refusedToAll } from '../action';

/** Locks that make others wait. */
export const LOCKING: ActionGroup = {
  title: 'Locking',
  actions: [
    {
      name: 'lock a table against readers',
      sql: 'LOCK TABLE public.bookings IN ACCESS EXCLUSIVE MODE',
      allowed: [APP_USER],
    },
    { name: 'lock rows', sql: 'SELECT FROM public.salons FOR UPDATE', allowed: [APP_USER] },
    {
      name: 'hold up a migration by reading a whole table',
      sql: 'LOCK TABLE public.bookings IN ACCESS SHARE MODE',
      allowed: [APP_USER, READONLY_USER, RECOVERY_USER],
    },
    {
      name: 'lock the heartbeat',
      sql: 'LOCK TABLE public.heartbeat IN ACCESS EXCLUSIVE MODE',
      allowed: [METRICS_USER],
    },
    refusedToAll('lock the history of migrations', 'LOCK TABLE public._prisma_migrations IN SHARE MODE'),
    {
      // PostgreSQL lets every role take every advisory lock, and Prisma's key is public.
      name: 'take the lock of the migrations',
      sql: 'SELECT pg_advisory_xact_lock(72707369)',
      allowed: EVERYBODY,
    },
  ],
};
