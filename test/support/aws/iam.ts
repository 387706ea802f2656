/** A policy document of a template whose CloudFormation functions are resolved. */
export interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A request of a principal. */
export interface Request {
  readonly action: string;
  readonly resource: string;
  /** Condition keys and their values, such as `aws:ResourceTag/a`; a list for a key of many values. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Whether a policy allows a request: a Deny overrides any Allow, and a request that no Allow matches is denied (IAM User Guide, "Policy
 * evaluation logic"). Evaluates only the conditions that this project uses.
 * @throws Error for any other condition
 */
export function isAllowed({ Statement }: PolicyDocument, request: Request): boolean {
  const applying = Statement.filter((statement) => applies(statement, request));
  return applying.some(({ Effect }) => Effect === 'Allow') && !applying.some(({ Effect }) => Effect === 'Deny');
}

function applies(
  { Action, Resource, Condition = {} }: Statement,
  { action, resource, context = {} }: Request,
): boolean {
  return (
    list(Action).some((pattern) => matches(pattern, action)) &&
    list(Resource).some((pattern) => matches(pattern, resource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, list(wanted), context[key])),
    )
  );
}

function holds(operator: string, wanted: readonly string[], actual: string | readonly string[] | undefined): boolean {
  switch (operator) {
    case 'StringEquals':
      return typeof actual === 'string' && wanted.includes(actual);
    case 'ForAllValues:StringEquals':
      return list(actual ?? []).every((value) => wanted.includes(value));
    default:
      throw new Error(`the condition operator ${operator} is not evaluated here`);
  }
}

/** IAM's wildcards: `*` any characters, `?` one. Actions are not case-sensitive; ARNs are, but ours never differ in case alone. */
function matches(pattern: string, value: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'i').test(value);
}

function list<T extends string>(value: T | readonly T[]): readonly T[] {
  return typeof value === 'string' ? [value] : value;
}
