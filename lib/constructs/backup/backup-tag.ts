/** Key of the tag that backup plans select by. Only a primary carries it; a restored instance must not. */
export const BACKUP_TAG_KEY = 'whatsapp-saas:backup';

/** The backup tag of an environment's primary. Its value is the environment, so that in a shared account each plan selects one primary. */
export function backupTag(environment: string): { readonly key: string; readonly value: string } {
  return { key: BACKUP_TAG_KEY, value: environment };
}

/** Key of the tag of an instance that a recovery created; its value is the instance that it was restored from. */
export const RESTORED_TAG = 'whatsapp-saas:restored-from';
