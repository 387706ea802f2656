import { type Command, Option } from 'commander';
import { ENVIRONMENT_NAMES, type EnvironmentName, loadEnvironment } from '../config';
import type { Usage } from '../cost/usage';
import { addHelpNotes, environmentOption, jsonOption, numberFrom } from './console/options';
import { action, type Outcome, startProgress } from './console/output';

interface CostOptions {
  readonly environment?: EnvironmentName;
  readonly diff?: string;
  readonly markdown?: boolean;
  readonly budget?: number;
  readonly usage?: string;
  readonly live?: boolean;
}

/** `npm run cost` */
export function configure(command: Command): void {
  command
    .description('Prices every resource of an environment, US dollars a month at list price, without an AWS account.')
    .addOption(environmentOption('the environment to price (default: all)'))
    .option('--diff <file>', 'compare with a bill that was saved with --json')
    .addOption(new Option('--markdown', 'print the comparison as Markdown, for a pull request'))
    .option('--budget <dollars>', 'fail when the environments cost more a month', numberFrom(0, 1_000_000))
    .option('--usage <file>', 'what is assumed of logs, requests and changes, in place of lib/cost/usage.json')
    .option('--live', 'ask the Price List API of AWS for today’s prices, with your credentials; any region')
    .addOption(jsonOption())
    .action(action(run));
  addHelpNotes(command, {
    example: 'npm run cost -- --environment production --budget 1750',
    succeeds: 'everything is priced, within the budget',
    fails: 'it costs more than the budget, or a resource or its region has no price',
  });
}

async function run({ environment, diff, markdown, budget, usage: usageFile, live }: CostOptions): Promise<Outcome> {
  const { DEFAULT_USAGE, readUsage } = await import('../cost/usage');
  const { changesMarkdown, changesOf, changesText, readSavedBill } = await import('../cost/report/diff');
  if (markdown && diff === undefined) throw new Error('--markdown prints a comparison; say with what: --diff <file>');
  const before = diff === undefined ? undefined : readSavedBill(diff);
  const usage = usageFile === undefined ? DEFAULT_USAGE : readUsage(usageFile);
  const names = environment ? [environment] : ENVIRONMENT_NAMES;
  const priced = await priceAll(names, usage, live === true);
  const { date, region, source, prices } = priced;
  const bill = { priceDate: date, region, ...(live && { priceSource: source }), environments: prices };
  const total = prices.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
  const overBudget = budget !== undefined && total > budget;
  const notPriced = prices.flatMap((price) => price.notPriced);
  const ok = !overBudget && notPriced.length === 0;
  const verdict = budget === undefined ? [] : [budgetText(total, budget)];
  if (before) {
    const changes = changesOf(before, bill);
    const text = (markdown ? changesMarkdown : changesText)(before, bill, changes);
    return { text: [text, ...verdict].join('\n'), json: { ...bill, changes }, ok };
  }
  return { text: [priced.text, ...verdict].join('\n\n'), json: bill, ok };
}

async function priceAll(names: readonly EnvironmentName[], usage: Usage, live: boolean) {
  const onProgress = startProgress();
  const { environmentPrice } = await import('../cost/environment-price');
  const { synthesizeResources } = await import('../cost/resources');
  const { PRICES, priceListOf } = await import('../cost/prices');
  const { billText, notesText, totalsText } = await import('../cost/report/bill-text');
  const { alternativesText, ownersBillsText } = await import('../cost/report/alternatives');
  const { warnings } = await import('../cost/report/warnings');
  const getProducts = live ? (await import('../cost/live/price-list-api')).connectPriceList() : undefined;
  const { askPrices } = await import('../cost/live/ask-prices');
  const warned: string[] = [];
  const bills = [];
  for (const name of names) {
    onProgress(`synthesizing ${name}`);
    const [config, resources] = [loadEnvironment(name), synthesizeResources(name)];
    if (getProducts) onProgress(`asking for the prices of ${config.region}`);
    const asked = getProducts ? await askPrices(config, resources, usage, getProducts) : {};
    const list = asked.prices ?? priceListOf(config.region);
    const price = environmentPrice(config, resources, usage, list);
    warned.push(...warnings(price, config, resources, new Date(), list), ...(asked.remark ? [asked.remark] : []));
    bills.push({ config, list, price });
  }
  const prices = bills.map(({ price }) => price);
  const text = [
    ...prices.map(billText),
    totalsText(prices),
    ...bills.map(({ price, config, list }) => alternativesText(price, config, list)),
    ...(names.includes('production') ? [ownersBillsText()] : []),
    ['Warnings:', ...warned.map((warning) => `  - ${warning}`)].join('\n'),
    notesText(
      prices,
      usage,
      bills.map(({ list }) => list),
    ),
  ].join('\n\n');
  const { collected, region, source } = bills[0]?.list ?? priceListOf(PRICES.region);
  return { prices, text, date: collected, region, source };
}

function budgetText(total: number, budget: number): string {
  const dollars = (amount: number) => `$${amount.toFixed(2)}`;
  return total > budget
    ? `over the budget: ${dollars(total)} a month, ${dollars(total - budget)} more than ${dollars(budget)}`
    : `within the budget: ${dollars(total)} a month of ${dollars(budget)}`;
}
