/**
 * Works out the functions of CloudFormation in a text; names of resources stand for what only a deployment knows.
 * @param arns by logical id; the others are made up
 */
export function resolve(value: unknown, arns: ReadonlyMap<string, string> = new Map()): string {
  if (typeof value === 'string') return value;
  const [[name, argument] = ['', undefined]] = Object.entries(value as object) as [string, unknown][];
  switch (name) {
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map((part) => resolve(part, arns)).join(separator);
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
      return resolve(argument, arns);
    default:
      throw new Error(`a template has ${name}, which is not worked out here`);
  }
}
