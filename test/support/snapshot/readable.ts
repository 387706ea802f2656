/**
 * Keys whose texts the snapshot leaves out: they are read in the source and change nothing on AWS. `GroupDescription` and the
 * description of a parameter group stay, because a change of one replaces its resource.
 */
const TEXTS = ['AlarmDescription', 'Description', 'description', 'Comment'];

/**
 * A value of a template as a person reads it: intrinsic functions as `<LogicalId.Attribute>` inside their text, JSON in a text as
 * its value, lists of tags and dimensions as maps, policies as sentences. Without descriptions and without hashes of code.
 */
export function readable(value: unknown): unknown {
  if (typeof value === 'string') return readableText(value);
  if (Array.isArray(value)) return pairs(value) ?? value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  const intrinsic = intrinsicText(value);
  if (intrinsic !== undefined) return readableText(intrinsic);
  if (isPolicy(value)) return value.Statement.map(sentence);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !TEXTS.includes(key) || typeof inner === 'object')
      .map(([key, inner]) => [key, readable(inner)]),
  );
}

/** A value that CloudFormation reads as one text, with its functions as `<…>`. */
export function text(value: unknown): string {
  if (typeof value === 'object' && value !== null) return intrinsicText(value) ?? JSON.stringify(readable(value));
  return withoutHashes(String(value));
}

/** The hash of an asset, and of a function's version, change with every line of code. */
function withoutHashes(value: string): string {
  return value.replace(/[0-9a-f]{64}/g, 'HASH').replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1HASH');
}

function readableText(value: string): unknown {
  if (!/^[{[]/.test(value)) return withoutHashes(value);
  try {
    return readable(JSON.parse(value));
  } catch {
    return withoutHashes(value);
  }
}

function intrinsicText(value: object): string | undefined {
  const [[name, argument] = ['', undefined], ...more] = Object.entries(value) as [string, unknown][];
  if (more.length > 0 || (name !== 'Ref' && !name.startsWith('Fn::'))) return undefined;
  switch (name) {
    case 'Ref':
      return `<${text(argument)}>`;
    case 'Fn::GetAtt':
      return `<${(argument as string[]).map(text).join('.')}>`;
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown];
      return Array.isArray(parts) ? parts.map(text).join(separator) : `<Join ${text(parts)}>`;
    }
    case 'Fn::Sub':
      return typeof argument === 'string'
        ? text(argument.replace(/\$\{([^}]*)\}/g, '<$1>'))
        : substituted(argument as [string, Record<string, unknown>], text);
    case 'Fn::GetStackOutput': {
      const { StackName, Region, OutputName } = argument as Record<string, string>;
      return `<${StackName}/${Region}/${OutputName}>`;
    }
    default:
      return `<${name.slice('Fn::'.length)} ${text(argument)}>`;
  }
}

/** `Fn::Sub` with variables: the text with the values of the variables. */
export function substituted(
  [body, variables]: readonly [string, Readonly<Record<string, unknown>>],
  valueOf: (variable: unknown) => string,
): string {
  return body.replace(/\$\{([^}]*)\}/g, (_, name: string) => valueOf(variables[name]));
}

/** A list of tags or dimensions as a map; undefined when the list is something else. */
function pairs(list: readonly unknown[]): Record<string, unknown> | undefined {
  const entries = list.map((item): [string, unknown] | [] => {
    const { Key, Name = Key, Value, ...others } = (item ?? {}) as Record<string, unknown>;
    return typeof Name === 'string' && Value !== undefined && Object.keys(others).length === 0 ? [Name, Value] : [];
  });
  const names = new Set(entries.map(([name]) => name));
  if (list.length === 0 || names.has(undefined) || names.size < list.length) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name ?? '', readable(value)]));
}

/** A statement of an IAM policy. */
interface Statement {
  readonly Effect: string;
  readonly [element: string]: unknown;
}

function isPolicy(value: object): value is { readonly Statement: readonly Statement[] } {
  return 'Statement' in value && Array.isArray(value.Statement);
}

/** `Allow kms:Decrypt on <Key.Arn> for Service backup.amazonaws.com if {…}` */
function sentence({ Sid, Effect, Condition, ...elements }: Statement): string {
  const words = { Action: '', NotAction: 'all but ', Resource: 'on ', NotResource: 'on all but ', Principal: 'for ' };
  const known = Object.entries(words).filter(([element]) => elements[element] !== undefined);
  const unknown = Object.keys(elements).filter((element) => !(element in words));
  return [
    ...(Sid === undefined ? [] : [`${text(Sid)}:`]),
    Effect,
    ...known.map(([element, word]) => `${word}${list(elements[element])}`),
    ...unknown.map((element) => `${element} ${text(elements[element])}`),
    ...(Condition === undefined ? [] : [`if ${text(Condition)}`]),
  ].join(' ');
}

function list(value: unknown): string {
  return Array.isArray(value) ? value.map(text).join(', ') : text(value);
}
