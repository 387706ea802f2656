import type { Template } from 'aws-cdk-lib/assertions';
import { substituted } from '../snapshot/readable';

/**
 * The dashboards of a template by their names, as CloudWatch gets them: what CloudFormation looks up stands in parentheses, such as
 * `(Critical6FA3B5C1.TopicName)`.
 */
export function dashboardBodies(template: Template): Record<string, unknown> {
  const resources = Object.values(template.findResources('AWS::CloudWatch::Dashboard')) as {
    Properties: { DashboardName: string; DashboardBody: unknown };
  }[];
  return Object.fromEntries(
    resources.map(({ Properties }) => [Properties.DashboardName, JSON.parse(textOf(Properties.DashboardBody))]),
  );
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[intrinsic, argument]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]];
  switch (intrinsic) {
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(textOf).join(separator);
    }
    case 'Fn::Sub':
      return substituted(argument as [string, Record<string, unknown>], textOf);
    case 'Fn::GetAtt':
      return `(${(argument as string[]).join('.')})`;
    case 'Ref':
      // Without the colons of AWS::Partition, which would be read as parts of an ARN.
      return `(${(argument as string).replace('::', '.')})`;
    case 'Fn::ImportValue':
      return `(${textOf(argument)})`;
    case 'Fn::GetStackOutput':
      return `(${(argument as { OutputName: string }).OutputName})`;
    default:
      throw new Error(`a dashboard's body has ${intrinsic}, which this test cannot look up`);
  }
}
