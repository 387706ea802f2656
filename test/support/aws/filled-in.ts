const PSEUDO_PARAMETERS: Readonly<Record<string, string>> = {
  'AWS::AccountId': '111111111111',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Replaces CloudFormation's functions by values; names of resources are their logical ids. */
export function filledIn<T>(value: unknown): T {
  const fill = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(fill);
    if (typeof part !== 'object' || part === null) return part;
    const [[name, argument] = ['', undefined]] = Object.entries(part);
    if (name === 'Fn::Join') {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(fill).join(separator);
    }
    if (name === 'Ref') return PSEUDO_PARAMETERS[argument as string] ?? argument;
    if (name === 'Fn::GetStackOutput') return referenced((argument as { OutputName: string }).OutputName);
    if (name === 'Fn::GetAtt') return (argument as string[]).join('.');
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, fill(each)]));
  };
  return fill(value) as T;
}

/** The logical id in the name of an output that the CDK made for a reference of another stack; a hash of eight characters ends it. */
function referenced(outputName: string): string {
  return outputName.replace(/^PublishOutputRef/, '').slice(0, -8);
}
