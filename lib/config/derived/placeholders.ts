import type { EnvironmentConfig } from '../schema/environment';

/** A text of the configuration that a person still has to replace. */
export interface Placeholder {
  /** Such as `notifications.emails.0`. */
  readonly path: string;
  /** The whole text. */
  readonly value: string;
}

/**
 * What a text that stands for another looks like: the owner's document writes `@yourdomain.com` and "to be filled in". The domains of
 * RFC 2606 belong to nobody, so that no mail to them arrives and no page is there.
 */
const PATTERNS: readonly RegExp[] = [
  /to be (filled in|defined|decided)|\b(tbd|todo|fixme|change[ _-]?me)\b/i,
  /(@|\/\/)([\w-]+\.)*(your-?(domain|company)|example)\.(com|net|org|io)\b/i,
  /(@|\/\/)[^/@\s]+\.(example|invalid)\b/i,
  /^\s*(<[^<>]*>|\{\{[^{}]*\}\}|\.{3}|…|x{3,}|\?+)\s*$/i,
];

/** Every text of an environment's configuration that is still a placeholder, in the order of the fields; none where it is complete. */
export function placeholdersOf(config: EnvironmentConfig): Placeholder[] {
  return textsOf(config, []).filter(({ value }) => PATTERNS.some((pattern) => pattern.test(value)));
}

function textsOf(value: unknown, path: readonly string[]): Placeholder[] {
  if (typeof value === 'string') return [{ path: path.join('.'), value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => textsOf(part, [...path, key]));
}
