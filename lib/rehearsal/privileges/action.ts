import type { Address, Login } from '../../local-postgres/cluster';
import { DATABASE_ROLES, type DatabaseRole } from '../../contract/roles';

/**
 * A role that may connect to the database and was granted nothing else: it stands for whatever PostgreSQL and the migrations leave to
 * PUBLIC. It exists only while the actions are tried.
 */
export const VISITOR = 'visitor';

/** Another role with nothing, of whom one session is open: whom the others try to do something to. */
export const BYSTANDER = 'bystander';

/** A large object of the master user. */
export const LARGE_OBJECT = 424242;

/** A role that the actions are tried as. */
export type ProbedRole = DatabaseRole | typeof VISITOR;

/**
 * The roles, in the order of the table's columns. Without the master user: on RDS it has rights that its stand-in on this machine does
 * not have, so what is measured here would say nothing.
 */
export const PROBED_ROLES = [...DATABASE_ROLES, VISITOR] as const satisfies readonly ProbedRole[];

/** For actions that every role may take. */
export const EVERYBODY: readonly ProbedRole[] = [...PROBED_ROLES];
/** For actions that no role may take. */
export const NOBODY: readonly ProbedRole[] = [];

interface ActionBase {
  /** What the role does: a verb and its object, such as `read access tokens of salons`. Unique. */
  readonly name: string;
  /** Roles that may. All others must be refused. */
  readonly allowed: readonly ProbedRole[];
}

/** Statements that a role tries. */
export interface StatementAction extends ActionBase {
  /** Tried in a transaction that is rolled back. */
  readonly sql: string;
  /**
   * Set where PostgreSQL answers without an error whether or not the role has the right: the action counts as allowed only if the last
   * statement returns a row. Default false.
   */
  readonly needsRow?: boolean;
  /** Set where the statement cannot run in a transaction. Default false. */
  readonly alone?: boolean;
  /** The statement, run as the superuser, that undoes what no rollback undoes. Default: none. */
  readonly undo?: string;
}

/** A way to log in that a role tries. */
interface LoginAction extends ActionBase {
  /** Resolves where the role could, rejects with the server's error where it could not. */
  readonly attempt: (target: LoginTarget, login: Login) => Promise<void>;
  /** Whether the superuser can. Default true. */
  readonly superuserCan?: boolean;
}

/** Something that an attacker with a role's login would try. */
export type Action = StatementAction | LoginAction;

/** What a role tries to log in to. */
export interface LoginTarget {
  readonly address: Address;
  readonly database: string;
  readonly ca: string;
  /** The login of another role, which must stay possible. */
  readonly login: (role: ProbedRole) => Login;
}

/** Actions of a kind. */
export interface ActionGroup {
  /** Such as `Reading`. */
  readonly title: string;
  readonly actions: readonly Action[];
}

/** An action that every role must be refused. */
export function refusedToAll(name: string, sql: string, more: Partial<StatementAction> = {}): Action {
  return { name, sql, allowed: NOBODY, ...more };
}
