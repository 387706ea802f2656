import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { OWN_ACKNOWLEDGEMENTS } from '../constructs/acknowledge';

/** A finding that somebody accepted, and why; or an acknowledgement that found nothing to accept. */
export interface Acknowledged {
  /** Id of the rule, with the finding in brackets where a rule reports several. */
  readonly rule: string;
  /** Path of the construct that the finding is on; of one that covers nothing: that it was made on. */
  readonly resource: string;
  readonly reason: string;
}

interface Made extends Acknowledged {
  /** By aws-cdk-lib, which does so needed or not. */
  readonly byCdk: boolean;
}

/** The acknowledgements below a construct, and which of them were needed. */
export class Acknowledgements {
  private readonly made: readonly Made[];
  private readonly used = new Set<Acknowledged>();

  constructor(scope: IConstruct) {
    this.made = scope.node.findAll().flatMap(acknowledgementsOn);
  }

  /** Parts findings into those that are acknowledged, on their construct or one above it, and those that are open. */
  settle<Finding extends Pick<Acknowledged, 'rule' | 'resource'>>(
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

  /** Those that no finding settled so far needed. */
  unused(): Acknowledged[] {
    return this.made
      .filter((acknowledgement) => !acknowledgement.byCdk && !this.used.has(acknowledgement))
      .map(({ rule, resource, reason }) => ({ rule, resource, reason }));
  }

  /** As CDK's own validation looks for it: the nearest construct wins. */
  private closest({ rule, resource }: Pick<Acknowledged, 'rule' | 'resource'>): Made | undefined {
    return this.made
      .filter((made) => made.rule === rule && `${resource}/`.startsWith(`${made.resource}/`))
      .sort((a, b) => b.resource.length - a.resource.length)
      .at(0);
  }
}

function acknowledgementsOn({ node }: IConstruct): Made[] {
  const own = node.metadata.filter(({ type }) => type === OWN_ACKNOWLEDGEMENTS).flatMap(({ data }) => data as string[]);
  return (
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as Record<string, string>))
      // CDK writes an id without a plugin's name as an annotation's; the packs read it without that.
      .map(([id, reason]) => ({ rule: id.replace(/^annotation::/i, ''), resource: node.path, reason }))
      .map((made) => ({
        ...made,
        byCdk: made.rule.startsWith('CloudFormation-Validate::') && !own.includes(made.rule),
      }))
  );
}
