import type { EnvironmentConfig } from '../schema/environment';

/** Tags of every resource of an environment. */
export function environmentTags({ name, tags }: Pick<EnvironmentConfig, 'name' | 'tags'>): Record<string, string> {
  return { Application: 'whatsapp-saas', Environment: name, ...tags };
}
