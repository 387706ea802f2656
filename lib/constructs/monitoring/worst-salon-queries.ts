import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { CollectedQuery } from '../../contract/collected-query';
import { SALON_LABEL, WORST_SALONS, WORST_SALONS_MESSAGE, worstSalonQueryName } from '../../contract/worst-salons';
import { salonMetrics } from '../../monitoring/collection';

/** Saved queries for the worst salons. */
export interface WorstSalonQueriesProps {
  /** The environment's name: folder of the saved queries. */
  readonly environment: string;
  readonly collection: readonly CollectedQuery[];
  /** Log of the collector, which names the worst salons. */
  readonly logGroup: ILogGroup;
}

/** A saved query of Logs Insights for each metric that has a value per salon: the worst salons, minute by minute. */
export class WorstSalonQueries extends Construct {
  constructor(scope: Construct, id: string, { environment, collection, logGroup }: WorstSalonQueriesProps) {
    super(scope, id);
    for (const { metric, details } of salonMetrics(collection)) {
      const ranks = Array.from({ length: WORST_SALONS }, (_, rank) => `worst.${metric}.${rank}`);
      new QueryDefinition(this, metric, {
        queryDefinitionName: worstSalonQueryName(environment, metric),
        logGroups: [logGroup],
        queryString: new QueryString({
          fields: [
            '@timestamp',
            ...ranks.flatMap((rank) => [SALON_LABEL, 'value', ...details].map((field) => `${rank}.${field}`)),
          ],
          filterStatements: [`message = "${WORST_SALONS_MESSAGE}"`, `ispresent(worst.${metric}.0.value)`],
          sort: '@timestamp desc',
          limit: 60,
        }),
      });
    }
  }
}
