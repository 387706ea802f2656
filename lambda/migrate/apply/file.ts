import type { Client, Connection } from 'pg';

/** Runs a file as one simple query, as Prisma sends it, and collects in `completed` the tags of the statements that came to their end. */
export async function runFile(client: Client, sql: string, completed: string[]): Promise<void> {
  const { connection } = client as Client & { connection: Connection };
  const collect = ({ text }: { text: string }) => void completed.push(text);
  connection.on('commandComplete', collect);
  try {
    await client.query(sql);
  } finally {
    connection.off('commandComplete', collect);
  }
}
