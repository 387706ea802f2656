/** The reason why a rule has no translation; the compiler adds the rule's name. */
export class Untranslatable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'Untranslatable';
  }
}

/** Rules without a translation; `faults` has one sentence for each. */
export class UntranslatableAlerts extends Error {
  constructor(readonly faults: readonly string[]) {
    super([`alerts.yml has ${faults.length} rule(s) that do not translate:`, ...faults].join('\n  - '));
    this.name = 'UntranslatableAlerts';
  }
}
