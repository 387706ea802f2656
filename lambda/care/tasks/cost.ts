import {
  type BudgetedAndActualAmounts,
  DescribeBudgetCommand,
  DescribeBudgetPerformanceHistoryCommand,
} from '@aws-sdk/client-budgets';
import { formatDollars } from '../../../lib/contract/care/formats';
import type { Question } from '../aws';

/** What the last month cost against the budget, and what this one is going to cost. */
export const cost: Question = {
  title: 'Cost against the budget',
  applies: ({ budget }) => budget !== undefined,
  ask: async ({ budgets }, { budget, topic }, now) => {
    // The account of the topic is the function's own.
    const wanted = { AccountId: topic.split(':')[4], BudgetName: budget };
    const { Budget } = await budgets.send(new DescribeBudgetCommand(wanted));
    const { BudgetPerformanceHistory } = await budgets.send(new DescribeBudgetPerformanceHistoryCommand(wanted));
    const forecast = Budget?.CalculatedSpend?.ForecastedSpend?.Amount;
    const limit = Budget?.BudgetLimit?.Amount;
    if (limit === undefined) throw new Error(`the budget ${budget} has no limit; expected: a cost budget of a month`);
    return decide(BudgetPerformanceHistory?.BudgetedAndActualAmountsList ?? [], Number(limit), amount(forecast), now);
  },
};

/**
 * Compares the last full month and the forecast of this one with the limit.
 * @param forecast US dollars. Default: AWS makes none yet, as in an account's first weeks
 */
function decide(
  months: readonly BudgetedAndActualAmounts[],
  limit: number,
  forecast: number | undefined,
  now: Date,
): Awaited<ReturnType<Question['ask']>> {
  const wanted = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
  const last = months.find(({ TimePeriod }) => TimePeriod?.Start?.getTime() === wanted.getTime());
  const spent = amount(last?.ActualAmount?.Amount);
  const name = wanted.toISOString().slice(0, 7);
  return {
    state: (spent ?? 0) > limit || (forecast ?? 0) > limit ? 'look' : 'fine',
    lines: [
      `${name}: ${spent === undefined ? 'AWS has no figure' : `${formatDollars(spent)} of ${formatDollars(limit)}`}`,
      `This month: ${forecast === undefined ? 'AWS makes no forecast yet' : `${formatDollars(forecast)} forecast`}`,
    ],
  };
}

/** AWS writes amounts as texts. */
function amount(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
