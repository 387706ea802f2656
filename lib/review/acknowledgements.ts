import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { OWN_ACKNOWLEDGEMENTS } from '../constructs/acknowledge';

/** A finding that somebody accepted, and why; or an acknowledgement that covers no finding. */
export interface Acknowledged {
  /** Id of the rule, with the finding in brackets where a rule reports several. */
  readonly rule: string;
  /** Path of the construct with the finding; where no finding is covered, of the construct with the acknowledgement. */
  readonly resource: string;
  readonly reason: string;
}

interface Acknowledgement extends Acknowledged {
  /** Whether aws-cdk-lib made it, which it does whether or not it is needed. */
  readonly byCdk: boolean;
}

/** The acknowledgements on a construct and everything below it, and which of them were needed. */
export class Acknowledgements {
  private readonly made: readonly Acknowledgement[];
  private readonly used = new Set<Acknowledged>();

  constructor(scope: IConstruct) {
    this.made = scope.node.findAll().flatMap(acknowledgementsOn);
  }

  /** Divides findings into those that are acknowledged, on their construct or one above it, and those that are open. */
  match<Finding extends Pick<Acknowledged, 'rule' | 'resource'>>(
    findings: readonly Finding[],
  ): { acknowledged: Acknowledged[]; open: Finding[] } {
    const acknowledged: Acknowledged[] = [];
    const open: Finding[] = [];
    for (const finding of findings) {
      const cover = this.closest(finding);
      if (cover) {
        this.used.add(cover);
        acknowledged.push({ rule: finding.rule, resource: finding.resource, reason: cover.reason });
      } else open.push(finding);
    }
    return { acknowledged, open };
  }

  /** Acknowledgements that no finding matched so far needed. */
  unused(): Acknowledged[] {
    return this.made
      .filter((acknowledgement) => !acknowledgement.byCdk && !this.used.has(acknowledgement))
      .map(({ rule, resource, reason }) => ({ rule, resource, reason }));
  }

  /** The acknowledgement of a finding; like in the CDK's validation, the nearest construct wins. */
  private closest({ rule, resource }: Pick<Acknowledged, 'rule' | 'resource'>): Acknowledgement | undefined {
    return this.made
      .filter((made) => made.rule === rule && `${resource}/`.startsWith(`${made.resource}/`))
      .sort((a, b) => b.resource.length - a.resource.length)
      .at(0);
  }
}

function acknowledgementsOn({ node }: IConstruct): Acknowledgement[] {
  const own = node.metadata.filter(({ type }) => type === OWN_ACKNOWLEDGEMENTS).flatMap(({ data }) => data as string[]);
  return (
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      // The CDK adds `annotation::` to an id without a plugin's name; the packs ignore that prefix.
      .map(([id, reason]) => ({ rule: id.replace(/^annotation::/i, ''), resource: node.path, reason }))
      .map((made) => ({
        ...made,
        byCdk: made.rule.startsWith('CloudFormation-Validate::') && !own.includes(made.rule),
      }))
  );
}
