import type { Compilation, CompiledAlarm, CompiledEvent } from '../compiler/compiled';
import { type Board, boardName, boardOf, BOARDS, OVERVIEW, WHATSAPP } from './boards';
import type { Content, DashboardBody } from './body';
import type { DashboardContext } from './context';
import { alarmGraphs, dashboardOnlySources, eventGraph, pagingEvents, plainGraph } from './graphs';
import { place, type Row, rowsOf } from './layout';
import { logTables } from './log-tables';
import { resourceGraphs } from './resource-graphs';
import { type Goal, goalsOf } from './goals';
import { goalTable, heading, introduction } from './texts';
import { titleOfGroup } from './titles';

/** A dashboard for CloudWatch. */
export interface Dashboard {
  /** `<environment>-<key of the board>`. */
  readonly name: string;
  /** Its name in the original. */
  readonly title: string;
  readonly body: DashboardBody;
}

/** Grid units. */
const HEIGHT = { introduction: 3, heading: 1, figure: 5, graph: 6 };
/** The most alarms of one status widget (CloudWatch API Reference, "Dashboard Body Structure and Syntax"). */
const MOST_ALARMS_OF_A_WIDGET = 100;

/**
 * The four dashboards. Every compiled alarm is drawn with its threshold on exactly one of them, chosen by its group; likewise the
 * events and the metrics that only dashboards read. Graphs of what servers and proxy do come first.
 */
export function buildDashboards(compilation: Compilation, context: DashboardContext): Dashboard[] {
  return BOARDS.map((board) => ({
    name: boardName(context.environment, board),
    title: board.title,
    body: {
      start: board.start,
      periodOverride: 'inherit',
      widgets: place(rowsOfBoard(board, compilation, context)),
    },
  }));
}

function rowsOfBoard(board: Board, compilation: Compilation, context: DashboardContext): Row[] {
  const alarms = compilation.alarms.filter(({ group }) => boardOf(group) === board);
  const events = compilation.events.filter(({ group }) => boardOf(group) === board);
  const groups = [...new Set(alarms.map(({ group }) => group))];
  const alone = dashboardOnlySources(compilation, context.sources).filter(
    (name) => boardOfSource(name, context) === board,
  );
  return [
    full(introduction(board, context), HEIGHT.introduction),
    ...statusRows([...alarms, ...pagingEvents(events).map(asState)], context),
    ...(board === OVERVIEW ? goalRows(goalsOf(context)) : []),
    ...[...resourceGraphs(board, context)].flatMap(([title, graphs]) => section(title, graphs)),
    ...(board === OVERVIEW ? section('Tables and statements', logTables(context)) : []),
    ...groups.flatMap((group) =>
      section(
        titleOfGroup(group),
        alarmGraphs(
          alarms.filter((alarm) => alarm.group === group),
          context,
        ),
      ),
    ),
    ...section('Events', eventGraph(events, context)),
    ...section(
      'Without an alarm',
      alone.flatMap((name) => plainGraph(name, context)),
    ),
  ];
}

function boardOfSource(name: string, { sources }: DashboardContext): Board {
  const source = sources[name];
  return source?.from === 'collector' && source.about === 'application' ? WHATSAPP : OVERVIEW;
}

function section(title: string, graphs: readonly Content[]): Row[] {
  return graphs.length === 0 ? [] : [full(heading(title), HEIGHT.heading), ...rowsOf(graphs, 3, HEIGHT.graph)];
}

function goalRows(goals: readonly Goal[]): Row[] {
  const figures = goals.flatMap(({ figure }) => (figure ? [figure] : []));
  return [
    full(heading('Targets'), HEIGHT.heading),
    ...rowsOf(figures, 4, HEIGHT.figure),
    // One grid unit for each row of the table and one for its head and margin; two grid units hold about three lines of text.
    full(goalTable(goals), goals.length + 1),
  ];
}

type State = Pick<CompiledAlarm, 'alarmName' | 'group'>;

/** An event rule that pages has an alarm with the rule's name. */
function asState({ ruleName, group }: CompiledEvent): State {
  return { alarmName: ruleName, group };
}

/** The state of every alarm, in one widget for each group. */
function statusRows(states: readonly State[], { alarmArn }: DashboardContext): Row[] {
  const groups = [...new Set(states.map(({ group }) => group))];
  const widgets = groups.flatMap((group) => {
    const names = states.filter((state) => state.group === group).map(({ alarmName }) => alarmName);
    return chunks(names, MOST_ALARMS_OF_A_WIDGET).map((some): { content: Content; count: number } => ({
      count: some.length,
      content: {
        type: 'alarm',
        properties: { title: titleOfGroup(group), alarms: some.map(alarmArn), sortBy: 'stateUpdatedTimestamp' },
      },
    }));
  });
  const most = Math.max(0, ...widgets.map(({ count }) => count));
  // About three tiles fit in a row and two rows in one and a half grid units; the widget scrolls when there are more.
  return rowsOf(
    widgets.map(({ content }) => content),
    4,
    Math.min(8, 2 + Math.ceil(most / 4)),
  );
}

function full(content: Content, height: number): Row {
  return { height, contents: [content] };
}

function chunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
