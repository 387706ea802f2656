/** A policy document of a template whose CloudFormation functions are resolved. */
export interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

/** A statement of a policy. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Condition keys of a request and their values, such as `aws:ResourceTag/a`; a list for a key of many values. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** A request of a principal. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  /** Default: none. */
  readonly context?: Context;
}

/**
 * Whether a policy allows a request: a Deny overrides any Allow, and a request that no Allow matches is denied (IAM User Guide, "Policy
 * evaluation logic"). Evaluates only the elements and the conditions that this project uses.
 * @throws Error for any other element or condition
 */
export function isAllowed({ Statement }: PolicyDocument, request: Request): boolean {
  const applying = Statement.filter((statement) => applies(statement, request));
  return applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny');
}

const ELEMENTS = ['Sid', 'Effect', 'Action', 'Resource', 'Condition'];

function applies(statement: Statement, { action, resource, context = {} }: Request): boolean {
  const unknown = Object.keys(statement).filter((element) => !ELEMENTS.includes(element));
  if (unknown.length > 0) throw new Error(`the policy element ${unknown.join(', ')} is not evaluated here`);
  const { Action, Resource } = statement;
  return (
    list(Action).some((pattern) => matches(pattern, action, 'i')) &&
    list(Resource).some((pattern) => matches(pattern, resource)) &&
    conditionsHold(statement, context)
  );
}

/** Whether the conditions of a statement hold for a request, whatever its action and resource. */
export function conditionsHold({ Condition = {} }: Pick<Statement, 'Condition'>, context: Context): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, list(wanted), valueOf(context, key))),
  );
}

function holds(operator: string, wanted: readonly string[], actual: string | readonly string[] | undefined): boolean {
  if (operator.startsWith('ForAllValues:')) {
    const inner = operator.slice('ForAllValues:'.length);
    return list(actual ?? []).every((value) => holds(inner, wanted, value));
  }
  if (operator.endsWith('IfExists')) {
    return actual === undefined || holds(operator.slice(0, -'IfExists'.length), wanted, actual);
  }
  switch (operator) {
    case 'Null':
      return wanted.includes(String(actual === undefined));
    case 'StringEquals':
    case 'Bool':
      return typeof actual === 'string' && wanted.includes(actual);
    case 'ArnLike':
    case 'ArnEquals':
      return typeof actual === 'string' && wanted.some((pattern) => matches(pattern, actual));
    // A negated operator holds where the key is missing.
    case 'ArnNotEquals':
      return typeof actual !== 'string' || !wanted.some((pattern) => matches(pattern, actual));
    default:
      throw new Error(`the condition operator ${operator} is not evaluated here`);
  }
}

/** Names of condition keys are not case-sensitive. */
function valueOf(context: Context, key: string): string | readonly string[] | undefined {
  return Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
}

/** IAM's wildcards: `*` any characters, `?` one. Actions are not case-sensitive; ARNs are. */
const PATTERNS = new Map<string, RegExp>();

function matches(pattern: string, value: string, flags = ''): boolean {
  const key = `${flags} ${pattern}`;
  const known = PATTERNS.get(key);
  if (known) return known.test(value);
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${escaped}$`, flags);
  PATTERNS.set(key, expression);
  return expression.test(value);
}

function list<T extends string>(value: T | readonly T[]): readonly T[] {
  return typeof value === 'string' ? [value] : value;
}
