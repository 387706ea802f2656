import type { Template } from 'aws-cdk-lib/assertions';
import { parseDocumentContent } from '../../../lib/recovery-documents/content';
import type { DocumentContent } from '../../../lib/recovery-documents/content-schema';
import { production } from '../../../lib/config/production';
import { ENVIRONMENT_NAMES } from '../../../lib/config';
import { find, type Properties, synthesize, synthesizeProductionWith, type Templates } from '../../support/synth';

/** A statement of a policy. */
export interface Statement {
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}

/** Templates of every environment. */
export const templates = Object.fromEntries(ENVIRONMENT_NAMES.map((name) => [name, synthesize(name)])) as Record<
  (typeof ENVIRONMENT_NAMES)[number],
  Templates
>;
/** Approvers of `changed`. */
export const APPROVERS = ['ada', 'arn:aws:iam::111122223333:role/dba'];
/** The Operations stack of production with approvers, and without Enhanced Monitoring. */
export const changed = synthesizeProductionWith({
  database: { ...production.database, enhancedMonitoringSeconds: 0 },
  recovery: { approvers: APPROVERS, approvals: 2 },
}).operations;
/** Every document that some template has: its name, its properties, its template. */
export const deployed = [...ENVIRONMENT_NAMES.map((name) => templates[name].operations), changed].flatMap((template) =>
  Object.values(find(template, 'AWS::SSM::Document')).map(
    (properties) => [properties['Name'] as string, properties, template] as const,
  ),
);

/** Names of a template's documents. */
export function documentNames(template: Template): unknown[] {
  return Object.values(find(template, 'AWS::SSM::Document'))
    .map(({ Name }) => Name)
    .sort();
}

/** A template's value as it is at run time, with the word `name` where CloudFormation fills one in. */
function atRunTime(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(atRunTime);
  if (typeof value !== 'object' || value === null) return value;
  const [key, ...others] = Object.keys(value);
  if (others.length > 0 || key === undefined || !/^(Ref|Fn::\w+)$/.test(key)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, atRunTime(inner)]));
  }
  const [separator, parts] = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'] ?? ['', ['name']];
  return parts.map((part) => String(atRunTime(part))).join(separator);
}

/** Content of a document as Systems Manager sees it. */
export function contentOf(properties: Properties): DocumentContent {
  return parseDocumentContent(String(properties['Name']), JSON.stringify(atRunTime(properties['Content'])));
}

/** Inputs of a step. */
export function inputsOf(document: DocumentContent, step: string): Record<string, unknown> {
  return document.mainSteps.find(({ name }) => name === step)!.inputs;
}

/** The statements of the role that a document assumes. */
export function statementsOf(properties: Properties, template: Template): Statement[] {
  const { assumeRole } = properties['Content'] as { assumeRole: { 'Fn::GetAtt': [string, string] } };
  const [role] = assumeRole['Fn::GetAtt'];
  return Object.values(template.findResources('AWS::IAM::Policy'))
    .map(({ Properties }) => Properties as { Roles: { Ref: string }[]; PolicyDocument: { Statement: Statement[] } })
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}
