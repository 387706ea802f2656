import type { Client } from 'pg';
import { connect, type ConnectOptions } from '../../contract/database-client';

/**
 * How the application gets its answer: by a query with the parameters salon, start and end, and `more` after them; or by loading
 * everything and counting itself.
 */
export type Method =
  { readonly kind: 'query'; readonly sql: string; readonly more: readonly number[] } | { readonly kind: 'load all' };

/** A question to one database. */
export interface AnalyticsTask {
  readonly login: ConnectOptions;
  readonly method: Method;
  /** null: all salons. */
  readonly salon: string | null;
  readonly from: string;
  readonly to: string;
}

/** Time and memory that the answer took. */
export interface AnalyticsAnswer {
  readonly ms: number;
  /** Largest growth of this process since its first question. */
  readonly growthMiB: number;
  /** Rows that the application read. */
  readonly rows: number;
}

/** Most values that Prisma's client puts into one query: PostgreSQL takes 32,767 parameters. */
const VALUES_A_QUERY = 32_767;
const BYTES_A_KIB = 1024;
const KIB_A_MIB = 1024;

/** Memory of this process before its first question, KiB. */
let smallestKiB: number | undefined;

async function answer({ login, method, salon, from, to }: AnalyticsTask): Promise<AnalyticsAnswer> {
  const client = await connect(login);
  await client.query('SELECT 1');
  smallestKiB ??= process.memoryUsage.rss() / BYTES_A_KIB;
  const started = performance.now();
  const rows =
    method.kind === 'query'
      ? (await client.query(method.sql, [salon, from, to, ...method.more])).rows.length
      : await loadAll(client, salon, from, to);
  const ms = performance.now() - started;
  await client.end();
  return { ms, growthMiB: Math.max(0, process.resourceUsage().maxRSS - smallestKiB) / KIB_A_MIB, rows };
}

interface Message {
  readonly conversation_id: string;
}

/** Loads every AI conversation with its inbound messages, as Prisma's client does, and counts them here. Returns the rows read. */
async function loadAll(client: Client, salon: string | null, from: string, to: string): Promise<number> {
  const { rows: conversations } = await client.query<{ conversation_id: string; salon_id: string }>(
    'SELECT * FROM ai_conversations WHERE ($1::text IS NULL OR salon_id = $1) AND last_activity >= $2 AND last_activity < $3',
    [salon, from, to],
  );
  const messages = new Map<string, Message[]>();
  for (let i = 0; i < conversations.length; i += VALUES_A_QUERY) {
    const ids = conversations.slice(i, i + VALUES_A_QUERY).map((each) => each.conversation_id);
    const { rows } = await client.query<Message>(
      `SELECT * FROM ai_messages WHERE conversation_id = ANY ($1) AND direction = 'INBOUND' AND created_at >= $2 AND created_at < $3`,
      [ids, from, to],
    );
    for (const message of rows) {
      const known = messages.get(message.conversation_id);
      if (known) known.push(message);
      else messages.set(message.conversation_id, [message]);
    }
  }
  const quality = new Map<string, { conversations: number; messages: number }>();
  for (const { salon_id, conversation_id } of conversations) {
    const known = quality.get(salon_id) ?? { conversations: 0, messages: 0 };
    const more = messages.get(conversation_id)?.length ?? 0;
    quality.set(salon_id, { conversations: known.conversations + 1, messages: known.messages + more });
  }
  return conversations.length + [...quality.values()].reduce((sum, each) => sum + each.messages, 0);
}

process.on('message', (task: AnalyticsTask) => {
  answer(task).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
