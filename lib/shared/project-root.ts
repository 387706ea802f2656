import { join } from 'node:path';

/** Folder of package.json. */
export const PROJECT_ROOT = join(__dirname, '../..');
