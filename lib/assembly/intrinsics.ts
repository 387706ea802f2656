/**
 * Resolves the intrinsic functions of CloudFormation in a value of a template. Names of resources stand for values that only a
 * deployment knows: `Ref` gives the logical id, `Fn::GetAtt` gives `<logical id>.<attribute>`.
 * @param arns ARNs by logical id; another resource's ARN is `<logical id>.Arn`
 * @throws Error naming an intrinsic function that is not supported
 */
export function resolveIntrinsics(value: unknown, arns: ReadonlyMap<string, string> = new Map()): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = ['', undefined]] = Object.entries(value as object) as [string, unknown][];
  switch (name) {
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map((part) => resolveIntrinsics(part, arns)).join(separator);
    }
    case 'Fn::Sub': {
      const [text, variables] = argument as [string, Record<string, unknown>];
      return text.replace(/\$\{([^}]+)\}/g, (_, variable: string) => resolveIntrinsics(variables[variable], arns));
    }
    case 'Fn::GetAtt': {
      const [id, attribute] = argument as [string, string];
      return (attribute === 'Arn' ? arns.get(id) : undefined) ?? `${id}.${attribute}`;
    }
    case 'Ref':
      return argument === 'AWS::Partition' ? 'aws' : String(argument);
    case 'Fn::GetStackOutput':
      return (argument as { OutputName: string }).OutputName;
    case 'Fn::ImportValue':
      return resolveIntrinsics(argument, arns);
    default:
      throw new Error(
        `a template has the intrinsic function ${name}; supported: Fn::Join, Fn::Sub, Fn::GetAtt, Ref, Fn::GetStackOutput, Fn::ImportValue`,
      );
  }
}
