import { type ILogGroup, QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { CollectedQuery } from '../../contract/collected-query';
import { SALON_LABEL, WORST_SALONS, WORST_SALONS_MESSAGE } from '../../contract/worst-salons';

/** Where the worst salons are found. */
export interface WorstSalonQueriesProps {
  /** The environment's name: folder of the saved queries. */
  readonly environment: string;
  readonly collection: readonly CollectedQuery[];
  /** The collector's log. */
  readonly logGroup: ILogGroup;
}

/** A saved query of Logs Insights for each metric that is published by salon: which salons were the worst, minute by minute. */
export class WorstSalonQueries extends Construct {
  constructor(scope: Construct, id: string, { environment, collection, logGroup }: WorstSalonQueriesProps) {
    super(scope, id);
    const salonMetrics = collection
      .filter(({ labels }) => labels.includes(SALON_LABEL))
      .flatMap(({ metrics }) => metrics.map(({ metric }) => metric));
    for (const metric of salonMetrics) {
      const ranks = Array.from({ length: WORST_SALONS }, (_, rank) => `worst.${metric}.${rank}`);
      new QueryDefinition(this, metric, {
        queryDefinitionName: `${environment}/worst salons/${metric}`,
        logGroups: [logGroup],
        queryString: new QueryString({
          fields: ['@timestamp', ...ranks.flatMap((rank) => [`${rank}.${SALON_LABEL}`, `${rank}.value`])],
          filterStatements: [`message = "${WORST_SALONS_MESSAGE}"`, `ispresent(worst.${metric}.0.value)`],
          sort: '@timestamp desc',
          limit: 60,
        }),
      });
    }
  }
}
