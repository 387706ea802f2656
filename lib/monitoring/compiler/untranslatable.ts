/** Why a rule has no translation; the compiler puts the rule's name before it. */
export class Untranslatable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Untranslatable';
  }
}

/** Rules that CloudWatch cannot follow; `faults` has one sentence for each. */
export class UntranslatableAlerts extends Error {
  constructor(readonly faults: readonly string[]) {
    super([`alerts.yml has ${faults.length} rule(s) that do not translate:`, ...faults].join('\n  - '));
    this.name = 'UntranslatableAlerts';
  }
}
