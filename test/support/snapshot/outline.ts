import { Document, isCollection, visit } from 'yaml';
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

/** A collection is written on one line when it is no longer than this. */
const ONE_LINE = 110;

/** A template as YAML that a person reads: resources by type and logical id, each as short as it can be without a loss. */
export function outline(template: Readonly<Record<string, unknown>>): string {
  const { Resources = {}, Outputs = {}, ...sections } = template as Record<string, Record<string, unknown>>;
  const resources: Record<string, Record<string, unknown>> = {};
  for (const [id, resource] of sorted(Resources as Record<string, Resource>)) {
    (resources[resource.Type] ??= {})[text(id)] = drawResource(id, resource);
  }
  const others = Object.entries(sections).map(([section, entries]): [string, unknown] => [
    section,
    Object.fromEntries(Object.entries(entries).filter(([name]) => !BOOTSTRAP.includes(name))),
  ]);
  return toYaml({
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

function drawResource(id: string, { Type, Properties = {}, ...attributes }: Resource): unknown {
  const drawn = (DRAWN[Type] ?? readable)(Properties) as Record<string, unknown>;
  // The CDK names a generated policy after itself.
  if (drawn['PolicyName'] === id) delete drawn['PolicyName'];
  return { ...Object.fromEntries(sorted(drawn)), ...(readable({ ...attributes, Metadata: undefined }) as object) };
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
      if (isCollection(node) && JSON.stringify(node.toJSON()).length <= ONE_LINE) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
