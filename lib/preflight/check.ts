import type { Aws } from '../account/aws';
import { NotAnswered } from '../account/ask';

/** `warning`: the deployment goes through, and something is missing afterwards. `not checked`: a person has to look. */
type Status = 'ok' | 'refused' | 'warning' | 'not checked';

/** What a check found: sentences without a full stop. */
export interface Finding {
  readonly status: Status;
  readonly found: string;
  /** What would be fine. */
  readonly allowed?: string;
  /** What to do. */
  readonly action?: string;
}

/** A line of the report. */
export interface Line extends Finding {
  readonly name: string;
}

/** Something that only the account knows. */
export interface Check {
  readonly name: string;
  /** Never rejects, except for `NotAnswered` for want of credentials. */
  readonly run: (aws: Aws) => Promise<Line>;
}

/**
 * A check.
 * @param question calls AWS and judges nothing
 * @param decide judges the answer, and calls nothing
 */
export function check<Answer>(
  name: string,
  question: (aws: Aws) => Promise<Answer>,
  decide: (answer: Answer) => Finding,
): Check {
  return {
    name,
    run: async (aws) => {
      try {
        return { name, ...decide(await question(aws)) };
      } catch (error) {
        if (!(error instanceof NotAnswered) || error.reason === 'credentials') throw error;
        return { name, ...withoutAnswer(error) };
      }
    },
  };
}

/** A check that needs no answer of AWS. */
export function known(name: string, finding: Finding): Check {
  return { name, run: () => Promise.resolve({ name, ...finding }) };
}

/** The same answer for several checks: AWS is asked once. */
export function shared<Answer>(question: (aws: Aws) => Promise<Answer>): (aws: Aws) => Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  return (aws) => (answer ??= question(aws));
}

/** As configured. */
export function ok(found: string): Finding {
  return { status: 'ok', found };
}

/** The deployment would fail, or go where it must not. */
export function refused(found: string, allowed: string, action: string): Finding {
  return { status: 'refused', found, allowed, action };
}

/** The deployment goes through, and something is missing afterwards. */
export function warning(found: string, action: string): Finding {
  return { status: 'warning', found, action };
}

/** Nobody could look. */
export function notChecked(found: string, action: string): Finding {
  return { status: 'not checked', found, action };
}

/** Why there is no answer, and what to do. */
export function withoutAnswer({ message, wayOut }: NotAnswered): Finding {
  return notChecked(message, wayOut);
}
