import { decidedByConfiguration, type Reason } from '../reasons';

/** Reasons of findings on the cache. */
export const CACHE_REASONS = {
  noRotation: {
    fact: 'the password is valid only from the security group of the cache’s clients, and a person changes it without an interruption, because the user has two at a time (lib/constructs/cache/README.md)',
    check: 'Passwords of the AWS::ElastiCache::User, and the one ingress rule of the cache’s security group',
    until: 'Secrets Manager has a rotation for users of ElastiCache that CloudFormation can set up',
  },
  users: {
    fact: 'users log in with a name and a password of their own, which replaces the one AUTH token of all clients; ElastiCache refuses both together',
    check: 'UserGroupIds of the replication group, and that the user named default is off',
    until: 'the rule accepts a user group',
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
