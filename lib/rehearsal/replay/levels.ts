import type { Levels } from './level';
import { APPLICATION_LEVELS } from './levels/application';
import { CACHE_LEVELS } from './levels/cache';
import { OPERATION_LEVELS } from './levels/operations';
import { REPLICATION_AND_STORAGE_LEVELS } from './levels/replication-and-storage';
import { SERVER_LEVELS } from './levels/servers';

/** The levels of every alarm of every environment. */
export const LEVELS: Levels = {
  ...SERVER_LEVELS,
  ...REPLICATION_AND_STORAGE_LEVELS,
  ...APPLICATION_LEVELS,
  ...CACHE_LEVELS,
  ...OPERATION_LEVELS,
};
