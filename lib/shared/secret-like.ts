/** What secrets look like whose forms their makers publish, or that stand where a password stands. */
const FORMS: readonly (readonly [form: RegExp, kind: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'a private key'],
  [/\b(AKIA|ASIA)[A-Z2-7]{16}\b/, 'an access key of AWS'],
  [/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z0-9/+]{40}$/, 'a secret key of AWS'],
  [/\bxox[abeoprs]-[\w-]{10,}/, 'a token of Slack'],
  [/hooks\.slack\.com\/services\/\w/, 'a webhook of Slack'],
  [/\bEAA[A-Za-z0-9]{16,}/, 'an access token of Meta'],
  [/\bgh[opsu]_[A-Za-z0-9]{20,}|\bgithub_pat_\w{20,}/, 'a token of GitHub'],
  [/\bsk-[\w-]{20,}/, 'a key of an AI provider'],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/, 'a signed token (JWT)'],
  [/\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:[^\s@/]+@/i, 'an address with a password'],
  [/\b(password|passwd|pwd)\s*=\s*\S/i, 'a connection string with a password'],
  [/^(?=.*[a-z])(?=.*\d)[A-Za-z0-9]{32}$/i, 'a key of 32 characters, as of PagerDuty'],
  [/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[\w+-]{20}$/, 'a key of 20 characters, as of PagerDuty'],
];

/**
 * What a text looks like, such as `an access key of AWS`, where it looks like a secret; otherwise undefined. A guard against pasting: no
 * form tells a password that somebody made up.
 */
export function secretKind(text: string): string | undefined {
  return FORMS.find(([form]) => form.test(text))?.[1];
}

/** A value for an error message, as JSON: without what looks like a secret. */
export function shownValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value, withoutBigint);
  const kind = secretKind(text ?? '') ?? hiddenInside(value);
  if (kind !== undefined) return `something that looks like ${kind} and is not repeated here`;
  return JSON.stringify(value, withoutBigint) ?? String(value);
}

/** JSON refuses large integers. */
function withoutBigint(_: string, inner: unknown): unknown {
  return typeof inner === 'bigint' ? `${inner}n` : inner;
}

function hiddenInside(value: unknown): string | undefined {
  return secretsIn(value)[0]?.kind;
}

/** Texts that look like secrets anywhere in a value, keys included, each with the path of keys down to it. */
export function secretsIn(value: unknown, path: readonly string[] = []): { path: readonly string[]; kind: string }[] {
  if (typeof value === 'string') {
    const kind = secretKind(value);
    return kind === undefined ? [] : [{ path, kind }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const kind = secretKind(key);
    return kind === undefined ? secretsIn(inner, [...path, key]) : [{ path, kind }];
  });
}
