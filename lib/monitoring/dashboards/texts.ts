import { type Board, boardName, BOARDS } from './boards';
import type { Content } from './body';
import type { DashboardContext } from './context';
import type { Goal } from './goals';

/** Title of the dashboard, and links to the other dashboards, the runbooks and the saved queries. */
export function introduction(board: Board, context: DashboardContext): Content {
  const { environment, region, runbookBaseUrl, worstSalonQueries } = context;
  const others = BOARDS.filter((other) => other !== board).map(
    (other) => `[${other.title}](${consoleUrl(region)}#dashboards/dashboard/${boardName(environment, other)})`,
  );
  const runbooks =
    runbookBaseUrl === undefined
      ? 'Runbook of an alert: `lib/runbooks/<alert>.md`'
      : `[Runbooks](${runbookBaseUrl}), one page for each alert`;
  const salons =
    worstSalonQueries === undefined
      ? []
      : [
          `Worst salons: [Logs Insights](${consoleUrl(region)}#logsV2:logs-insights), saved queries "${worstSalonQueries}"`,
        ];
  return text([`# ${board.title}`, [`**${environment}**`, runbooks, ...salons, ...others].join(' · ')].join('\n\n'));
}

/** The title of a section. */
export function heading(title: string): Content {
  return text(`## ${title}`);
}

/** The target for each figure, and what the figure measures. */
export function goalTable(goals: readonly Goal[]): Content {
  const lines = goals.map(({ name, goal, measured }) => `${name} | ${goal} | ${measured}`);
  return text(['Target | Goal | What the figure shows', '---|---|---', ...lines].join('\n'));
}

function text(markdown: string): Content {
  return { type: 'text', properties: { markdown } };
}

function consoleUrl(region: string): string {
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`;
}
