import { type Difference, fullDiff, type ResourceDifference, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import type { Template, TemplateResource } from '../assembly/environment-assembly';

/** The templates of an environment by the names of their stacks. */
export type Templates = Readonly<Record<string, Template>>;

/**
 * What CloudFormation would do to a resource. `leave`: it keeps the resource and no longer manages it, by the resource's DeletionPolicy or
 * because its whole stack left the app.
 */
type Effect = 'create' | 'update' | 'may replace' | 'replace' | 'delete' | 'leave';

/** A difference between two states of a resource. */
export interface Change {
  /** `<stack>/<logical id>`. */
  readonly resource: string;
  readonly type: string;
  /** Property or attribute that differs; undefined where the resource as a whole comes or goes. */
  readonly property?: string;
  readonly effect: Effect;
  /** Undefined where there is none. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** The resource as it stood; undefined where it is new. */
  readonly old?: TemplateResource;
}

const EFFECTS: Readonly<Record<ResourceImpact, Effect>> = {
  [ResourceImpact.WILL_UPDATE]: 'update',
  [ResourceImpact.WILL_CREATE]: 'create',
  [ResourceImpact.WILL_REPLACE]: 'replace',
  [ResourceImpact.MAY_REPLACE]: 'may replace',
  [ResourceImpact.WILL_DESTROY]: 'delete',
  [ResourceImpact.WILL_ORPHAN]: 'leave',
  [ResourceImpact.WILL_IMPORT]: 'create',
  [ResourceImpact.NO_CHANGE]: 'update',
};

/**
 * Every difference of resources between two states of an environment, one for each property, by the comparison of the CDK CLI: create-only
 * and conditional create-only properties of CDK's service specification, and what follows for resources that refer to a replaced one of
 * their stack.
 */
export function compare(before: Templates, after: Templates): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((stack) => {
    // A copy each: the comparison works on plain objects.
    const { resources } = fullDiff({ ...before[stack] }, { ...after[stack] });
    const isGone = after[stack] === undefined;
    return Object.entries(resources.changes).flatMap(([id, difference]) =>
      changesOf(`${stack}/${id}`, difference, isGone),
    );
  });
}

function changesOf(resource: string, difference: ResourceDifference, stackIsGone: boolean): Change[] {
  const { oldValue: old, newValue, oldResourceType, newResourceType } = difference;
  const type = oldResourceType ?? newResourceType ?? '';
  if (old === undefined || newValue === undefined) {
    return [{ resource, type, effect: stackIsGone ? 'leave' : EFFECTS[difference.changeImpact], ...(old && { old }) }];
  }
  if (oldResourceType !== newResourceType) {
    return [{ resource, type, property: 'Type', effect: 'replace', before: type, after: newResourceType, old }];
  }
  const properties = Object.entries(difference.propertyUpdates).map(([property, each]) => ({
    ...described(resource, property, each),
    effect: EFFECTS[each.changeImpact ?? ResourceImpact.WILL_UPDATE],
  }));
  const attributes = Object.entries(difference.otherChanges)
    .filter(([attribute]) => attribute !== 'Metadata')
    .map(([attribute, each]) => ({ ...described(resource, attribute, each), effect: 'update' as const }));
  return [...properties, ...attributes].map((change) => ({ ...change, type, old }));
}

function described(resource: string, property: string, { oldValue, newValue }: Difference<unknown>) {
  return { resource, property, before: oldValue, after: newValue };
}

/** The properties of a resource whose change replaces it, or may: each of them is changed, and the comparison says what that would do. */
export function replacingProperties(resource: TemplateResource): string[] {
  const marked = Object.fromEntries(Object.keys(resource.Properties ?? {}).map((name) => [name, { marked: true }]));
  const only = (Properties: object) => ({ Resources: { it: { Type: resource.Type, Properties } } });
  const [difference] = Object.values(fullDiff(only(resource.Properties ?? {}), only(marked)).resources.changes);
  return Object.entries(difference?.propertyUpdates ?? {})
    .filter(([, { changeImpact }]) =>
      [ResourceImpact.WILL_REPLACE, ResourceImpact.MAY_REPLACE].includes(changeImpact ?? ResourceImpact.NO_CHANGE),
    )
    .map(([name]) => name);
}
