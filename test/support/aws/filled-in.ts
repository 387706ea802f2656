/** Fills in what CloudFormation would: names of the primary and of the replicas are their logical ids. */
export function filledIn<T>(value: unknown): T {
  const fill = (part: unknown): unknown => {
    if (Array.isArray(part)) return part.map(fill);
    if (typeof part !== 'object' || part === null) return part;
    const [[name, argument] = ['', undefined]] = Object.entries(part);
    if (name === 'Fn::Join') {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(fill).join(separator);
    }
    if (name === 'Ref') return argument === 'AWS::AccountId' ? '111111111111' : argument === 'AWS::URLSuffix' ? 'amazonaws.com' : argument; // prettier-ignore
    if (name === 'Fn::GetStackOutput') return (argument as { OutputName: string }).OutputName.replace(/^PublishOutputRef/, '').slice(0, -8); // prettier-ignore
    if (name === 'Fn::GetAtt') return (argument as string[]).join('.');
    return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, fill(each)]));
  };
  return fill(value) as T;
}
