import { z } from 'zod';

/**
 * Deployments by GitHub Actions, without a key that is stored there. Default: off, no workflow can reach the account
 * (lib/constructs/delivery/README.md).
 */
export const deliverySchema = z.strictObject({
  /**
   * What GitHub writes after `repo:` in the subject of its tokens: `owner/name`. For repositories created or renamed after 2026-06-18 with
   * the ids of both (GitHub changelog of 2026-04-23); the repository's OIDC settings show it.
   */
  repository: z
    .string()
    .regex(
      /^[\w.@-]{1,128}\/[\w.@-]{1,128}$/,
      'owner/name as in the subject of the repository’s tokens, such as "octo-org/database"',
    ),
  /** The branch whose weekly run may read the account. Default main. */
  branch: z
    .string()
    .regex(/^[\w.-]+(\/[\w.-]+)*$/, 'the name of a branch, such as "main"')
    .default('main'),
  /** Whether this environment makes the account's identity provider for GitHub; an account can have only one. Default true. */
  createProvider: z.boolean().default(true),
});

/** Settings of deployments by GitHub Actions, with all defaults filled in. */
export type DeliverySettings = z.output<typeof deliverySchema>;
