import { decidedByConfiguration, type Reason } from '../reasons';

/** Reasons of findings on the cache. */
export const CACHE_REASONS = {
  users: {
    fact: 'clients log in as a user with a generated password of its own, which ElastiCache takes in place of an AUTH token; only the cache’s clients reach it, and a person changes the password without an interruption, because a user has two at a time (lib/constructs/cache/README.md)',
    check:
      'UserGroupIds of the replication group, Passwords of the AWS::ElastiCache::User, that the user named default is off, and the one ingress rule of the cache’s security group',
    until:
      'the rule on AUTH tokens accepts a user group, and Secrets Manager has a rotation of such users that CloudFormation sets up',
  },
  oneNode: decidedByConfiguration(
    'the configuration asks for one node, which has no other zone to fail over to; a lost node is an empty cache after some minutes',
    'cache.nodes',
  ),
  shortSnapshots: decidedByConfiguration(
    'what a cache holds is made again from the database, and the configuration keeps its snapshots for less than 15 days',
    'cache.snapshotDays',
  ),
} as const satisfies Record<string, Reason>;
