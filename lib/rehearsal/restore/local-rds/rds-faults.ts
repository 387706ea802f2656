import type { RdsAction } from './rds-actions';
import { rdsErrors } from './rds-errors';

/** What goes wrong in a LocalRds, so that tests see what becomes of it. Nothing does unless it is told to. */
export class RdsFaults {
  /** The archive cannot be read: PostgreSQL itself fails to recover, and the instance ends as `failed`. */
  archiveUnreadable = false;
  /** Restores never get beyond `creating`. */
  neverAvailable = false;
  private readonly failing: { action: RdsAction; error: () => Error; calls: number }[] = [];

  /** The next calls of an action are throttled. */
  throttle(action: RdsAction, calls: number): void {
    this.failing.push({ action, error: rdsErrors.throttled, calls });
  }

  /** The next calls of an action meet a fault of the service. */
  fail(action: RdsAction, calls: number): void {
    this.failing.push({ action, error: rdsErrors.internal, calls });
  }

  /** @throws what the next call of the action meets */
  meet(action: RdsAction): void {
    const fault = this.failing.find((each) => each.action === action && each.calls > 0);
    if (!fault) return;
    fault.calls -= 1;
    throw fault.error();
  }
}
