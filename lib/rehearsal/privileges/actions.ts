import type { ActionGroup } from './action';
import { CLIMBING } from './actions/climbing';
import { CONNECTING } from './actions/connecting';
import { CREATING } from './actions/creating';
import { LOCKING } from './actions/locking';
import { READING } from './actions/reading';
import { LATER, SERVER } from './actions/server';
import { WRITING } from './actions/writing';

/** Everything that the roles try, in the order of the table. */
export const ACTION_GROUPS: readonly ActionGroup[] = [
  CONNECTING,
  READING,
  WRITING,
  CREATING,
  CLIMBING,
  LOCKING,
  SERVER,
  LATER,
];
