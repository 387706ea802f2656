/** A statement of a resource policy, as it stands in a template. */
type Statement = Readonly<Record<string, unknown>>;
/** One way to combine the choices of a statement: a principal, an action, a resource, a value of each condition. */
type Combination = readonly unknown[];

/** Operators under which more values match less (IAM User Guide, "Condition operators" and "Multiple values in a condition"). */
const NARROWING = /Not|Null|ForAllValues/;

/**
 * What a policy allows or denies, one text for each combination of principal, action, resource and condition values, so that a longer list
 * has all that a shorter one had.
 * @param policy a policy document as it stands in a template; undefined has nothing
 */
function combinationsOf(policy: unknown, effect: 'Allow' | 'Deny'): Map<string, Combination> {
  const { Statement: statements } = (policy ?? {}) as { readonly Statement?: Statement | readonly Statement[] };
  const ofEffect = listOf(statements ?? []).filter((each) => (each as Statement)['Effect'] === effect) as Statement[];
  return new Map(ofEffect.flatMap(combine).map((combination) => [JSON.stringify(combination), combination]));
}

/** The actions of the combinations that one policy has and another lacks, each once. */
export function actionsOnlyIn(policy: unknown, other: unknown, effect: 'Allow' | 'Deny'): string[] {
  const others = combinationsOf(other, effect);
  const missing = [...combinationsOf(policy, effect)].filter(([text]) => !others.has(text));
  return [...new Set(missing.map(([, [, action]]) => String(action)))];
}

function combine(statement: Statement): Combination[] {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource, Condition } = statement;
  const choices = [
    NotPrincipal === undefined ? principalsOf(Principal) : [{ NotPrincipal }],
    NotAction === undefined ? listOf(Action) : [`all but ${listOf(NotAction).join(', ')}`],
    NotResource === undefined ? listOf(Resource) : [{ NotResource }],
    ...conditionsOf(Condition),
  ];
  return choices.reduce<Combination[]>(
    (combinations, choice) => combinations.flatMap((start) => choice.map((each) => [...start, each])),
    [[]],
  );
}

function principalsOf(principal: unknown): unknown[] {
  if (typeof principal !== 'object' || principal === null) return [principal];
  return Object.entries(principal).flatMap(([kind, names]) => listOf(names).map((name) => ({ [kind]: name })));
}

/** The choices of each condition key, in the order of operators and keys. */
function conditionsOf(condition: unknown): unknown[][] {
  const tests = Object.entries((condition ?? {}) as Record<string, Record<string, unknown>>).flatMap(
    ([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ name: `${operator} ${key}`, operator, values })),
  );
  return tests
    .sort((one, other) => one.name.localeCompare(other.name))
    .map(({ name, operator, values }) =>
      (NARROWING.test(operator) ? [values] : listOf(values)).map((value) => ({ [name]: value })),
    );
}

/** What is absent is one choice: a statement without resources is one all the same. */
function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [value];
}
