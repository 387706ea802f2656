import type { Client, Connection } from 'pg';

/**
 * Runs a file as one simple query, as Prisma does.
 * @param completed receives the command tag of each statement that the server completed
 */
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
