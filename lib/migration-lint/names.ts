import type { Node, RangeVar } from 'libpg-query';

/** The parts of a name as a statement writes it, such as `['tenant', 'bookings']`. */
export type NameParts = readonly string[];

/** The texts of a list of strings. */
export function stringsOf(nodes: readonly Node[] = []): string[] {
  return nodes.flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));
}

/** The name of a table, view, index or sequence. */
export function partsOf(relation: RangeVar | undefined): NameParts {
  const { schemaname, relname = '' } = relation ?? {};
  return schemaname === undefined ? [relname] : [schemaname, relname];
}

/** The name of an object of DROP, REVOKE, RENAME and SET SCHEMA, whatever node the parser uses for its kind. */
export function objectParts(node: Node | undefined): NameParts {
  if (node === undefined) return [];
  if ('String' in node) return [node.String.sval ?? ''];
  if ('List' in node) return stringsOf(node.List.items);
  if ('TypeName' in node) return stringsOf(node.TypeName.names);
  if ('ObjectWithArgs' in node) return stringsOf(node.ObjectWithArgs.objname);
  return 'RangeVar' in node ? partsOf(node.RangeVar) : [];
}
