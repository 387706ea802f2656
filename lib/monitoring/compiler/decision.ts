/** What the compiler decided, with the sentences that the ledger gives for it. */
export interface Decision<Value> {
  readonly value: Value;
  /** How the rule is translated here, and where that differs from Prometheus. Empty where there is nothing to say. */
  readonly notes: readonly string[];
}
