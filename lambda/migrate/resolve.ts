import { escapeLiteral } from 'pg';

/**
 * The statement that does what `prisma migrate resolve --rolled-back` does: the next run starts the migration again. Prisma's command line
 * runs that command only with its native engine, though just to try the connection: its other engine does the work
 * (test/lambda/migrate/prisma/failures.test.ts).
 * @param name name of a migration whose entry in the history is open
 */
export function rollBackStatement(name: string): string {
  return `UPDATE public._prisma_migrations SET rolled_back_at = now() WHERE migration_name = ${escapeLiteral(name)} AND finished_at IS NULL AND rolled_back_at IS NULL`;
}

/** What a person does about a migration whose entry is open. The statement is at the end, so that it can be copied. */
export function howToResolve(name: string): string {
  return `Compare the database with the file. If all of it is there, run "prisma migrate resolve --applied ${name}". If only a part is there, undo that part first. If nothing of it is there, correct the file, run this as the master user and deploy again ("prisma migrate resolve --rolled-back ${name}" does the same where Prisma's native engine is installed): ${rollBackStatement(name)}`;
}
