import type { ProbedAction } from './probe';

/** What a role could do, of all actions that were tried. */
export interface RoleSummary {
  readonly role: string;
  /** Each as `group: action`. */
  readonly allowed: readonly string[];
  /** Number of actions that it was refused. */
  readonly refused: number;
  /** Each as `group: action`: failed for another reason than a missing right. */
  readonly undecided: readonly string[];
}

/** The outcomes of all actions, by the role that tried them. */
export function byRole(actions: readonly ProbedAction[]): RoleSummary[] {
  const roles = Object.keys(actions[0]?.outcomes ?? {}) as (keyof ProbedAction['outcomes'])[];
  return roles.map((role) => {
    const named = (outcome: string) =>
      actions.filter(({ outcomes }) => outcomes[role] === outcome).map(({ group, action }) => `${group}: ${action}`);
    return { role, allowed: named('allowed'), refused: named('refused').length, undecided: named('undecided') };
  });
}
