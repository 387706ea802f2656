/** How fast CloudWatch's clock runs in a rehearsal. */
export interface Pace {
  /** Seconds of CloudWatch's clock that pass with each collection. */
  readonly stepSeconds: number;
  /**
   * Least real seconds between two collections. Where it is not 0, published values in seconds are multiplied by
   * stepSeconds ÷ realSeconds: ages and lags grow as fast as CloudWatch's clock.
   */
  readonly realSeconds: number;
}

/** A collection a minute, as fast as the servers answer: for faults whose duration does not matter. */
export const QUICK: Pace = { stepSeconds: 60, realSeconds: 0 };
/** A minute of CloudWatch's clock takes a real second: for ages and lags. */
export const MINUTE_A_SECOND: Pace = { stepSeconds: 60, realSeconds: 1 };
