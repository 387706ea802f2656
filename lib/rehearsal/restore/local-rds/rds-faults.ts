import type { RdsAction } from './rds-actions';
import { rdsErrors } from './rds-errors';

/** Faults that tests inject into a LocalRds. By default there are none. */
export class RdsFaults {
  /** The archive cannot be read: PostgreSQL fails to recover, and the instance becomes `failed`. */
  archiveUnreadable = false;
  /** Restored instances stay in `creating`. */
  neverAvailable = false;
  private readonly failing: { action: RdsAction; error: () => Error; calls: number }[] = [];

  /** The next calls of an action are throttled. */
  throttle(action: RdsAction, calls: number): void {
    this.failing.push({ action, error: rdsErrors.throttled, calls });
  }

  /** The next calls of an action fail with an internal error of the service. */
  fail(action: RdsAction, calls: number): void {
    this.failing.push({ action, error: rdsErrors.internal, calls });
  }

  /**
   * Called at the start of each call of an action.
   * @throws the error that was injected for it
   */
  throwInjected(action: RdsAction): void {
    const fault = this.failing.find((each) => each.action === action && each.calls > 0);
    if (!fault) return;
    fault.calls -= 1;
    throw fault.error();
  }
}
