import {
  type Attribute,
  type AttributeArgument,
  type Enum,
  type Field,
  getSchema,
  type Model,
  type Value,
} from '@mrleebo/prisma-ast';

/** PostgreSQL's type of a Prisma type without a `@db.` attribute (Prisma's reference, "PostgreSQL" type mapping). */
const TYPES: Record<string, string> = {
  String: 'text',
  Boolean: 'boolean',
  Int: 'integer',
  BigInt: 'bigint',
  Float: 'double precision',
  DateTime: 'timestamp(3) without time zone',
  Json: 'jsonb',
};
const NATIVE_TYPES: Record<string, string> = {
  Date: 'date',
  SmallInt: 'smallint',
  // Six digits are PostgreSQL's default, which it omits.
  'Timestamptz(6)': 'timestamp with time zone',
};

/** An attribute of a field or of a model. */
type AnyAttribute = Pick<Attribute, 'name' | 'args'> & { readonly group?: string };

/** Every table, column, key, index and enum of a Prisma schema, a line each, sorted. */
export function describePrismaSchema(source: string): string[] {
  const { list } = getSchema(source);
  const models = list.filter((block): block is Model => block.type === 'model');
  const enums = list.filter((block): block is Enum => block.type === 'enum');
  const names = new Map(models.map((model) => [model.name, tableOf(model)]));
  return [...enums.map(describeEnum), ...models.flatMap((model) => describeModel(model, names, enums))].sort();
}

function describeEnum({ name, enumerators }: Enum): string {
  return `enum "${name}": ${enumerators.flatMap((each) => (each.type === 'enumerator' ? [each.name] : [])).join(', ')}`;
}

function describeModel(model: Model, tables: ReadonlyMap<string, string>, enums: readonly Enum[]): string[] {
  const table = tableOf(model);
  const fields = model.properties.filter((property): property is Field => property.type === 'field');
  const columns = fields.filter(({ fieldType }) => !tables.has(word(fieldType)));
  const columnOf = new Map(
    columns.map((field) => [field.name, text(argument(find(field.attributes, 'map'))) ?? field.name]),
  );
  const list = (names: readonly string[]) => names.map((name) => columnOf.get(name) ?? name);
  const lines = [`table ${table}`];
  for (const field of columns) {
    const column = columnOf.get(field.name) ?? '';
    lines.push(
      `column ${table}.${column} ${typeOf(field, enums)}${field.optional ? '' : ' not null'}${defaultOf(field)}`,
    );
    if (find(field.attributes, 'id')) lines.push(`primary key ${table}_pkey on ${table} (${column})`);
    if (find(field.attributes, 'unique'))
      lines.push(`unique index ${table}_${column}_key on ${table} using btree (${column})`);
  }
  for (const field of fields) {
    const relation = find(field.attributes, 'relation');
    if (!relation) continue;
    const [own, theirs] = ['fields', 'references'].map((key) => list(elements(argument(relation, key)).map(nameOf)));
    const onDelete = word(argument(relation, 'onDelete')).toLowerCase();
    // Prisma's default of onUpdate.
    const target = `${tables.get(word(field.fieldType))} (${theirs?.join(', ')})`;
    const key = `foreign key ${table}_${own?.join('_')}_fkey on ${table} (${own?.join(', ')})`;
    lines.push(`${key} to ${target} on delete ${onDelete} on update cascade`);
  }
  for (const property of model.properties) {
    if (property.type === 'attribute' && property.name === 'id')
      lines.push(
        `primary key ${table}_pkey on ${table} (${list(elements(argument(property)).map(nameOf)).join(', ')})`,
      );
    if (property.type !== 'attribute' || !['unique', 'index'].includes(property.name)) continue;
    const parts = elements(argument(property));
    const names = list(parts.map(nameOf));
    const sorted = names.map((name, i) => (isDescending(parts[i]) ? `${name} desc` : name));
    const isUnique = property.name === 'unique';
    const name = text(argument(property, 'map')) ?? `${table}_${names.join('_')}_${isUnique ? 'key' : 'idx'}`;
    const method = word(argument(property, 'type') ?? 'BTree').toLowerCase();
    lines.push(`${isUnique ? 'unique ' : ''}index ${name} on ${table} using ${method} (${sorted.join(', ')})`);
  }
  return lines;
}

function tableOf({ name, properties }: Model): string {
  const attributes = properties.filter((property) => property.type === 'attribute');
  return text(argument(find(attributes, 'map'))) ?? name;
}

function typeOf({ fieldType, attributes }: Field, enums: readonly Enum[]): string {
  const native = attributes?.find(({ group }) => group === 'db');
  if (native) {
    const size = argument(native);
    const name = typeof size === 'string' || typeof size === 'number' ? `${native.name}(${size})` : native.name;
    return NATIVE_TYPES[name] ?? `unknown @db.${name}`;
  }
  const name = word(fieldType);
  return enums.some((each) => each.name === name) ? `"${name}"` : (TYPES[name] ?? `unknown type ${name}`);
}

/** Prisma's client fills in uuid() and @updatedAt; the database has no default for them. */
function defaultOf({ attributes, fieldType }: Field): string {
  const value = argument(find(attributes, 'default'));
  if (value === undefined) return '';
  if (isFunction(value)) return value.name === 'now' ? ' default CURRENT_TIMESTAMP' : '';
  if (typeof value === 'string' && value.startsWith('"')) return ` default '${text(value)}'::text`;
  const isOfEnum = typeof value === 'string' && !(word(fieldType) in TYPES);
  return isOfEnum ? ` default '${value}'::"${word(fieldType)}"` : ` default ${word(value)}`;
}

function find<A extends AnyAttribute>(attributes: readonly A[] | undefined, name: string): A | undefined {
  return attributes?.find((attribute) => attribute.name === name && attribute.group === undefined);
}

/** The argument of an attribute with this key; without a key, its first one that has none. */
function argument(attribute: AnyAttribute | undefined, key?: string): Value | undefined {
  const values = (attribute?.args ?? []).map(({ value }: AttributeArgument) => value);
  for (const value of values) {
    const isKeyed = typeof value === 'object' && 'type' in value && value.type === 'keyValue';
    if (key === undefined && !isKeyed) return value as Value;
    if (isKeyed && value.key === key) return value.value;
  }
  return undefined;
}

function elements(value: Value | undefined): readonly Value[] {
  return typeof value === 'object' && 'type' in value && value.type === 'array' ? value.args : [];
}

function isFunction(value: Value | undefined): value is Value & { type: 'function'; name: string; params?: Value[] } {
  return typeof value === 'object' && 'type' in value && value.type === 'function';
}

function nameOf(value: Value): string {
  return isFunction(value) ? value.name : word(value);
}

/** A value that is one word. */
function word(value: Value | Field['fieldType'] | undefined): string {
  if (['string', 'number', 'boolean'].includes(typeof value)) return `${value as string | number | boolean}`;
  throw new Error(`${JSON.stringify(value)} is not one word`);
}

function isDescending(value: Value | undefined): boolean {
  return isFunction(value) && JSON.stringify(value.params).includes('"Desc"');
}

function text(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value.replace(/^"(.*)"$/, '$1') : undefined;
}
