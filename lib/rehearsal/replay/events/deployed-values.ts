/** An account that stands for the environment's. */
export const ACCOUNT = '111111111111';

/**
 * A part of a template with values for what CloudFormation fills in: the name of a resource is its logical id, and that of a secret an ARN with the
 * six characters that Secrets Manager adds.
 */
export function deployedValues(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(deployedValues);
  if (typeof part !== 'object' || part === null) return part;
  const [[name, argument] = ['', undefined]] = Object.entries(part);
  const intrinsic = INTRINSICS[name];
  return intrinsic
    ? intrinsic(argument as never)
    : Object.fromEntries(Object.entries(part).map(([key, each]) => [key, deployedValues(each)]));
}

const text = (part: unknown) => deployedValues(part) as string;
const parts = (list: unknown) => (list as readonly unknown[]).map(text);

const INTRINSICS: Readonly<Record<string, (argument: never) => unknown>> = {
  Ref: (id: string) =>
    ({
      'AWS::AccountId': ACCOUNT,
      'AWS::Partition': 'aws',
      'AWS::Region': 'us-east-1',
      'AWS::URLSuffix': 'amazonaws.com',
    })[id] ?? named(id),
  'Fn::GetAtt': ([id, attribute]: readonly [string, string]) => `${id}.${attribute}`,
  'Fn::Sub': ([template, values]: readonly [string, Readonly<Record<string, unknown>>]) =>
    template.replace(/\$\{(\w+)\}/g, (_, key: string) => text(values[key])),
  'Fn::Join': ([separator, list]: readonly [string, readonly unknown[]]) => parts(list).join(separator),
  'Fn::Split': ([separator, whole]: readonly [string, unknown]) => text(whole).split(separator),
  'Fn::Select': ([index, list]: readonly [number, unknown]) =>
    (Array.isArray(list) ? parts(list) : (deployedValues(list) as readonly string[]))[index],
  // The name of the output is `PublishOutputRef<logical id><hash of 8 digits>`, or `PublishOutputFnGetAtt<logical id><attribute><hash>`.
  'Fn::GetStackOutput': ({ OutputName }: { readonly OutputName: string }) =>
    OutputName.startsWith('PublishOutputRef')
      ? named(OutputName.slice('PublishOutputRef'.length, -8))
      : OutputName.slice('PublishOutput'.length, -8),
};

function named(logicalId: string): string {
  return /Secrets\w+Attachment/.test(logicalId)
    ? `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:${logicalId}-of-the-environment-AbCdEf`
    : logicalId;
}
