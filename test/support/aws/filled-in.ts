import { substituted } from '../snapshot/readable';

type Intrinsics = Readonly<Record<string, (argument: never) => unknown>>;

const INTRINSICS: Intrinsics = {
  Ref: (name: string) => ({ 'AWS::AccountId': '111111111111', 'AWS::URLSuffix': 'amazonaws.com' })[name] ?? name,
  'Fn::GetAtt': (path: readonly string[]) => path.join('.'),
  'Fn::Sub': (argument: readonly [string, Readonly<Record<string, unknown>>]) =>
    substituted(argument, (variable) => String(fill(variable))),
  'Fn::Join': ([separator, parts]: readonly [string, readonly unknown[]]) => parts.map(fill).join(separator),
  // The name of the output is `PublishOutputRef<logical id><hash of 8 digits>`.
  'Fn::GetStackOutput': ({ OutputName }: { readonly OutputName: string }) =>
    OutputName.replace(/^PublishOutputRef/, '').slice(0, -8),
};

/** A part of a template with values for what CloudFormation fills in. The name of a resource is its logical id. */
export function filledIn<T>(value: unknown): T {
  return fill(value) as T;
}

function fill(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(fill);
  if (typeof part !== 'object' || part === null) return part;
  const [[name, argument] = ['', undefined]] = Object.entries(part);
  const intrinsic = INTRINSICS[name];
  return intrinsic
    ? intrinsic(argument as never)
    : Object.fromEntries(Object.entries(part).map(([key, each]) => [key, fill(each)]));
}
