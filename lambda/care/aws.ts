import type { BackupClient } from '@aws-sdk/client-backup';
import type { BudgetsClient } from '@aws-sdk/client-budgets';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Section } from '../../lib/contract/care/section';
import type { CareSettings } from './env';

/** The services that are asked; they are only read. */
export interface CareClients {
  readonly cloudWatch: CloudWatchClient;
  readonly backup: BackupClient;
  readonly secretsManager: SecretsManagerClient;
  readonly budgets: BudgetsClient;
}

/** One question to AWS about an environment. */
export interface Question {
  /** Title of its section. */
  readonly title: string;
  /** Whether the environment has what is asked about. Default: every one has. */
  readonly applies?: (settings: CareSettings) => boolean;
  /**
   * Asks, and decides what the answer means.
   * @param now time of the run
   * @throws the SDK's error, or Error where the answer is not complete; the run goes on with the next question
   */
  readonly ask: (
    clients: CareClients,
    settings: CareSettings,
    now: Date,
  ) => Promise<Pick<Section, 'lines'> & { readonly state: 'fine' | 'look' }>;
}
