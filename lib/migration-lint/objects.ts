import type {
  AlterEnumStmt,
  AlterObjectSchemaStmt,
  DropStmt,
  GrantRoleStmt,
  GrantStmt,
  Node,
  RenameStmt,
} from 'libpg-query';
import { objectParts, stringsOf } from './names';
import type { RuleName } from './rules';
import type { ObjectKind, SeenSchema } from './schema';

type ObjectType = NonNullable<DropStmt['removeType']>;

/** Kinds of objects that a statement may make and another may drop, rename or close. Others are `other`. */
const KINDS: Partial<Record<ObjectType, ObjectKind>> = {
  OBJECT_TABLE: 'relation',
  OBJECT_FOREIGN_TABLE: 'relation',
  OBJECT_VIEW: 'relation',
  OBJECT_MATVIEW: 'relation',
  OBJECT_SEQUENCE: 'relation',
  OBJECT_INDEX: 'relation',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'type',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'function',
  OBJECT_ROUTINE: 'function',
  OBJECT_SCHEMA: 'schema',
  OBJECT_ROLE: 'role',
};

/** Objects that hold data or that the application reads. Functions, triggers and the like can be created again. */
const DROPS_DATA: ObjectType[] = [
  'OBJECT_TABLE',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_SEQUENCE',
  'OBJECT_SCHEMA',
  'OBJECT_TYPE',
  'OBJECT_DOMAIN',
];

/** Names that the application does not use. */
const UNSEEN: ObjectType[] = [
  'OBJECT_INDEX',
  'OBJECT_TABCONSTRAINT',
  'OBJECT_DOMCONSTRAINT',
  'OBJECT_TRIGGER',
  'OBJECT_POLICY',
  'OBJECT_RULE',
];

function isMade(type: ObjectType, node: Node | undefined, seen: SeenSchema): boolean {
  const kind = KINDS[type] ?? 'other';
  const parts = objectParts(node);
  return seen.isMade(kind, kind === 'schema' || kind === 'role' ? parts.join('.') : seen.complete(parts));
}

export function checkDrop({ removeType, concurrent, objects = [] }: DropStmt, seen: SeenSchema): RuleName[] {
  if (!removeType || objects.every((node) => isMade(removeType, node, seen))) return [];
  if (removeType === 'OBJECT_INDEX') return concurrent ? [] : ['drop-index-not-concurrent'];
  if (removeType === 'OBJECT_POLICY') {
    const tables = objects.map((node) => seen.complete(objectParts(node).slice(0, -1)));
    return tables.some((table) => seen.isLive(table)) ? ['access'] : [];
  }
  return DROPS_DATA.includes(removeType) ? ['drop'] : [];
}

export function checkRename(statement: RenameStmt, seen: SeenSchema): RuleName[] {
  const { renameType, relation, object, subname = '', newname = '' } = statement;
  if (!renameType) return [];
  if (!relation)
    return !UNSEEN.includes(renameType) && !isMade(renameType, object ?? named(subname), seen) ? ['rename'] : [];
  const table = seen.relation(relation);
  const isColumn = renameType === 'OBJECT_COLUMN';
  const isOwn = seen.isMade('relation', table) || (isColumn && seen.isMade('column', `${table}.${subname}`));
  if (isColumn) seen.renameColumn(table, subname, newname);
  else if (KINDS[renameType] === 'relation' && isOwn) seen.make('relation', [table.split('.')[0], newname].join('.'));
  if (seen.isLive(table) && renameType !== 'OBJECT_INDEX') seen.altered.add(table);
  return isOwn || UNSEEN.includes(renameType) ? [] : ['rename'];
}

function named(name: string): Node {
  return { String: { sval: name } };
}

export function checkSetSchema(statement: AlterObjectSchemaStmt, seen: SeenSchema): RuleName[] {
  const { objectType, relation, object, newschema = '' } = statement;
  const node: Node | undefined = relation ? { RangeVar: relation } : object;
  if (!objectType) return [];
  if (!isMade(objectType, node, seen)) {
    if (relation) seen.altered.add(seen.relation(relation));
    return ['rename'];
  }
  seen.make(KINDS[objectType] ?? 'other', `${newschema}.${objectParts(node).at(-1) ?? ''}`);
  return [];
}

/** ALTER TYPE … RENAME VALUE and ADD VALUE. */
export function checkEnum({ typeName, oldVal, newVal = '' }: AlterEnumStmt, seen: SeenSchema): RuleName[] {
  if (seen.isMade('type', seen.complete(stringsOf(typeName)))) return [];
  if (oldVal !== undefined) return ['rename'];
  seen.newEnumValues.add(newVal);
  return [];
}

/** REVOKE of privileges that the running application may use: not on what the file made, and not from a role that it made. */
export function checkRevoke(statement: GrantStmt, seen: SeenSchema): RuleName[] {
  const { is_grant: isGrant, targtype, objtype, objects = [], grantees = [] } = statement;
  if (isGrant || !objtype) return [];
  const type = targtype === 'ACL_TARGET_ALL_IN_SCHEMA' ? 'OBJECT_SCHEMA' : objtype;
  const isOwn = objects.every((node) => isMade(type, node, seen)) || areMade(grantees, seen);
  return isOwn ? [] : ['access'];
}

/** REVOKE of a membership. */
export function checkRevokeRole(statement: GrantRoleStmt, seen: SeenSchema): RuleName[] {
  const { is_grant: isGrant, grantee_roles: grantees = [] } = statement;
  return isGrant || areMade(grantees, seen) ? [] : ['access'];
}

function areMade(roles: readonly Node[], seen: SeenSchema): boolean {
  return roles.every((node) => 'RoleSpec' in node && seen.isMade('role', node.RoleSpec.rolename ?? ''));
}
