import type { Connection } from 'pg';

/** A statement as it leaves the driver. */
export interface Sent {
  readonly sql: string;
  /** Of the prepared statement; '' is PostgreSQL's unnamed one. */
  readonly name: string;
}

/** Writes down every statement that sessions of the driver send from now on, until Jest restores its mocks. */
export function watchStatements(driver: typeof Connection): Sent[] {
  const sent: Sent[] = [];
  const protocol = driver.prototype as unknown as Protocol;
  const { query, parse } = protocol;
  jest.spyOn(protocol, 'query').mockImplementation(function (this: Protocol, sql) {
    sent.push({ sql, name: '' });
    query.call(this, sql);
  });
  jest.spyOn(protocol, 'parse').mockImplementation(function (this: Protocol, message, ...rest) {
    sent.push({ sql: message.text, name: message.name ?? '' });
    parse.call(this, message, ...rest);
  });
  return sent;
}

/** Of pg's Connection: the simple query, and the first message of an extended one. */
interface Protocol {
  query: (sql: string) => void;
  parse: (message: { text: string; name?: string }, ...rest: unknown[]) => void;
}

const LONGEST_BYTES = 16 * 1024;
const PINNING =
  /^\s*(SET|RESET|PREPARE|EXECUTE|DEALLOCATE|DISCARD|DECLARE|LISTEN|LOAD)\b|^\s*CREATE\s+(LOCAL\s+|GLOBAL\s+)?TEMP|\b(set_config|nextval|setval|pg_(try_)?advisory_lock(_shared)?)\s*\(/i;

/** Whether RDS Proxy pins the session for it (RDS User Guide, "Avoiding pinning an RDS Proxy", PostgreSQL). */
export function pins({ sql }: Sent): boolean {
  return Buffer.byteLength(sql) > LONGEST_BYTES || PINNING.test(sql);
}
