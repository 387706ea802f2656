/** Key of the tag that backup plans select by. Only a primary carries it; no restored copy may. */
export const BACKUP_TAG_KEY = 'whatsapp-saas:backup';

/** The tag of an environment's primary. By environment, or in a shared account each plan would back up all of them. */
export function backupTag(environment: string): { readonly key: string; readonly value: string } {
  return { key: BACKUP_TAG_KEY, value: environment };
}

/** Key of the tag of an instance that a recovery made; its value is the instance that it was restored from. */
export const RESTORED_TAG = 'whatsapp-saas:restored-from';
