import type { Templates } from './compare';

/** How a template without a fixed account writes its id. */
const ACCOUNT = '${AWS::AccountId}';

/**
 * Templates in one form, whether the account is fixed or that of the credentials: CloudFormation sees the same values, and a text that is
 * joined from parts is the same text.
 * @param accountId the account of the configuration
 */
export function canonical(templates: Templates, accountId?: string): Templates {
  return canonicalValue(templates, accountId) as Templates;
}

function canonicalValue(value: unknown, accountId: string | undefined): unknown {
  if (typeof value === 'string') return accountId === undefined ? value : value.replaceAll(accountId, ACCOUNT);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => canonicalValue(each, accountId));
  const { Ref, 'Fn::Join': join, 'Fn::Sub': text } = value as Record<string, unknown>;
  if (Ref === 'AWS::AccountId') return ACCOUNT;
  if (Array.isArray(join) && join[0] === '') return joined(canonicalValue(join[1], accountId) as unknown[]);
  if (typeof text === 'string' && !text.replaceAll(ACCOUNT, '').includes('${')) return text;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, canonicalValue(each, accountId)]));
}

/** The parts of a text, with neighbours that are texts put together. */
function joined(parts: readonly unknown[]): unknown {
  const merged = parts.reduce<unknown[]>((all, part) => {
    const last = all.at(-1);
    if (typeof last === 'string' && typeof part === 'string') return [...all.slice(0, -1), last + part];
    return [...all, part];
  }, []);
  return merged.length === 1 ? merged[0] : { 'Fn::Join': ['', merged] };
}
