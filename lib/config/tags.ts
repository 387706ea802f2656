import type { EnvironmentConfig } from './schema/environment';

/** Tags of everything that an environment consists of. */
export function environmentTags({ name, tags }: Pick<EnvironmentConfig, 'name' | 'tags'>): Record<string, string> {
  return { Application: 'whatsapp-saas', Environment: name, ...tags };
}
