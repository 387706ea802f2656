import { Document, isCollection, isScalar, visit } from 'yaml';
import { drawAlarm } from './alarms';
import { drawDashboard } from './dashboards';
import { readable, text } from './readable';

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

/** Types that have their own notation. */
const DRAWN: Readonly<Record<string, (properties: Readonly<Record<string, unknown>>) => unknown>> = {
  'AWS::CloudWatch::Alarm': (properties) => drawAlarm(properties).properties,
  'AWS::CloudWatch::Dashboard': drawDashboard,
  'AWS::RDS::DBParameterGroup': ({ Description, ...rest }) => ({ Description, ...(readable(rest) as object) }),
};

/** Parameters and rules of every template of the CDK: the version of its bootstrap stack. */
const BOOTSTRAP = ['BootstrapVersion', 'CheckBootstrapVersion'];

/** A collection is written on one line when it is no longer than this; a list of words when it is no longer than the other. */
const ONE_LINE = 180;
const WORDS_ON_ONE_LINE = 220;

/** A template as YAML that a person reads: resources by type and logical id, each as short as it can be without a loss. */
export function outline(template: Readonly<Record<string, unknown>>): string {
  const { Resources = {}, Outputs = {}, ...sections } = template as Record<string, Record<string, unknown>>;
  const resources: Record<string, Record<string, unknown>> = {};
  const tags = commonTags(Object.values(Resources) as Resource[]);
  for (const [id, resource] of sorted(Resources as Record<string, Resource>)) {
    (resources[resource.Type] ??= {})[text(id)] = tags.without(resource.Type, drawResource(id, resource));
  }
  const others = Object.entries(sections).map(([section, entries]): [string, unknown] => [
    section,
    Object.fromEntries(Object.entries(entries).filter(([name]) => !BOOTSTRAP.includes(name))),
  ]);
  return toYaml({
    Tags: tags.section,
    'Alarms fire on': conditions(Object.values(Resources) as Resource[]),
    ...Object.fromEntries(sorted(resources)),
    Outputs: Object.fromEntries(sorted(Outputs).map(([name, output]) => [name, drawOutput(output)])),
    ...Object.fromEntries(others.map(([section, entries]) => [section, readable(entries)])),
  });
}

/** Conditions of all alarms by their names, together: a changed threshold is one line of a difference. */
function conditions(resources: readonly Resource[]): Record<string, unknown> {
  const alarms = resources.filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  const named = alarms.map(({ Properties = {} }) => [text(Properties['AlarmName']), drawAlarm(Properties).condition]);
  return Object.fromEntries(sorted(Object.fromEntries(named) as Record<string, unknown>));
}

/** The tags that most resources have are said once, with the types that have them. A resource of such a type without them says so. */
function commonTags(resources: readonly Resource[]) {
  const drawn = resources.map(
    ({ Type, Properties = {} }) => [Type, JSON.stringify(readable(Properties['Tags']))] as const,
  );
  const counts = new Map<string, number>();
  for (const [, tags] of drawn) if (tags !== undefined) counts.set(tags, (counts.get(tags) ?? 0) + 1);
  const [common] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [];
  const types = new Set(drawn.filter(([, tags]) => tags === common).map(([type]) => type));
  return {
    section: common === undefined ? {} : { all: JSON.parse(common) as unknown, of: [...types].sort().join(', ') },
    without(type: string, resource: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
      const { Tags, ...rest } = resource;
      if (!types.has(type)) return resource;
      return JSON.stringify(Tags) === common ? rest : { ...rest, Tags: Tags ?? 'none' };
    },
  };
}

function drawResource(id: string, { Type, Properties = {}, ...attributes }: Resource): Record<string, unknown> {
  const drawn = (DRAWN[Type] ?? readable)(Properties) as Record<string, unknown>;
  // The CDK names a generated policy after itself.
  if (drawn['PolicyName'] === id) delete drawn['PolicyName'];
  const { UpdateReplacePolicy, DeletionPolicy, ...others } = attributes;
  const policies =
    UpdateReplacePolicy === DeletionPolicy ? { Policies: DeletionPolicy } : { UpdateReplacePolicy, DeletionPolicy };
  const shown = readable({ ...others, ...policies, Metadata: undefined }) as object;
  return { ...Object.fromEntries(sorted(drawn)), ...shown };
}

function drawOutput(output: unknown): unknown {
  const { Value, ...rest } = readable(output) as Record<string, unknown>;
  return Object.keys(rest).length === 0 ? Value : { Value, ...rest };
}

function toYaml(value: Record<string, unknown>): string {
  const shown = Object.entries(value).filter(([, section]) => Object.keys(section as object).length > 0);
  const document = new Document(Object.fromEntries(shown), { aliasDuplicateObjects: false });
  visit(document, {
    Collection: (_, node) => {
      if (!isCollection(node)) return;
      const longest = node.items.every((item) => isScalar(item)) ? WORDS_ON_ONE_LINE : ONE_LINE;
      if (JSON.stringify(node.toJSON()).length <= longest) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
