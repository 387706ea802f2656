import { z } from 'zod';

/** Tags that a resource may have (AWS General Reference, "Tag naming limits and requirements"), less those that this project adds. */
const MOST_TAGS = 44;
/** RDS Proxy takes no longer value (template reference, AWS::RDS::DBProxy TagFormat); other services take 256. */
const LONGEST_VALUE = 128;
/** Every resource repeats the tags, and CloudFormation takes no template over 1 MB (User Guide, "Quotas"). */
const MOST_CHARACTERS = 1500;
/** Keys of this project, in lower case: IAM takes keys that differ in case only as the same. `Name` is CDK's. */
const OWN_KEYS = ['application', 'environment', 'name'];
const OWN_PREFIX = 'whatsapp-saas:';
/** Characters that every service takes (the same page). */
const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Tags of every resource, in addition to Application and Environment. */
export const tagsSchema = z.record(z.string(), z.string()).superRefine((tags, context) => {
  const keys = Object.keys(tags);
  if (keys.length > MOST_TAGS) context.addIssue({ code: 'custom', message: `at most ${MOST_TAGS} tags` });
  if (Object.entries(tags).flat().join('').length > MOST_CHARACTERS) {
    context.addIssue({ code: 'custom', message: `keys and values of at most ${MOST_CHARACTERS} characters in all` });
  }
  keys.forEach((key, index) => {
    const repeated = keys.findIndex((other) => other.toLowerCase() === key.toLowerCase()) < index;
    const message = repeated
      ? 'keys that differ in more than their case'
      : (keyFault(key) ?? valueFault(tags[key] ?? ''));
    if (message) context.addIssue({ code: 'custom', path: [key], message });
  });
});

function keyFault(key: string): string | undefined {
  const lower = key.toLowerCase();
  if (key.trim() !== key || key === '' || key.length > 128)
    return 'a key of 1 to 128 characters without blanks around it';
  if (!CHARACTERS.test(key)) return 'a key of letters, digits, spaces and _ . : / = + - @';
  if (lower.startsWith('aws:')) return 'a key that does not begin with aws:, which is AWS’s own';
  return OWN_KEYS.includes(lower) || lower.startsWith(OWN_PREFIX)
    ? `a key other than Application, Environment, Name and ${OWN_PREFIX}*, which this project sets`
    : undefined;
}

function valueFault(value: string): string | undefined {
  if (value.length > LONGEST_VALUE) return `a value of at most ${LONGEST_VALUE} characters`;
  return CHARACTERS.test(value) ? undefined : 'a value of letters, digits, spaces and _ . : / = + - @';
}
