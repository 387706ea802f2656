import type { z } from 'zod';
import { environmentSchema } from '../../lib/config/schema/environment';

/** A field of the schema that holds a value of its own. */
export interface SchemaField {
  /** Keys down to it; `*` stands for the entries of a list or record. */
  readonly path: readonly string[];
  /** Its default; undefined where the schema has none. */
  readonly fallback?: unknown;
  /** A word that decides which other fields there are. */
  readonly choice?: string;
}

/** What zod keeps of a schema, as far as the walk needs it. */
interface Definition {
  readonly type: string;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly defaultValue?: unknown;
  readonly values?: readonly unknown[];
}

/** Every field of an environment, of all branches of a choice; each once. */
export function schemaFields(): SchemaField[] {
  const all = new Map<string, SchemaField>();
  for (const field of fieldsOf(environmentSchema, [])) {
    const key = [...field.path, field.choice].join();
    all.set(key, { ...field, ...all.get(key) });
  }
  return [...all.values()];
}

function fieldsOf(schema: z.ZodType, path: readonly string[], fallback?: unknown): SchemaField[] {
  const {
    type,
    innerType,
    in: input,
    options,
    element,
    valueType,
    shape,
    defaultValue,
    values = [],
  } = schema.def as Definition;
  const below = (part: z.ZodType, key?: string) => fieldsOf(part, key === undefined ? path : [...path, key], fallback);
  if (type === 'default' || type === 'prefault') return fieldsOf(innerType!, path, defaultValue);
  if (type === 'optional') return below(innerType!);
  if (type === 'pipe') return below(input!);
  if (type === 'union') return options!.flatMap((option) => below(option));
  if (type === 'object') return Object.entries(shape!).flatMap(([key, part]) => fieldsOf(part, [...path, key]));
  if (type === 'array' || type === 'record') return fieldsOf(element ?? valueType!, [...path, '*']);
  if (type === 'never') return [];
  const choice = type === 'literal' && typeof values[0] === 'string' ? { choice: values[0] } : undefined;
  return [{ path, ...(fallback !== undefined && { fallback }), ...choice }];
}

/** All values of an input at a field's path. */
export function valuesAt(input: unknown, [key, ...rest]: readonly string[]): unknown[] {
  if (key === undefined) return [input];
  if (typeof input !== 'object' || input === null) return [];
  const below = key === '*' ? Object.values(input) : [(input as Record<string, unknown>)[key]];
  return below.flatMap((value) => valuesAt(value, rest)).filter((value) => value !== undefined);
}
