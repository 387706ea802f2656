import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** A database secret in the form that RDS attaches: user, password and address. */
export interface DatabaseSecret {
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Reads a database secret.
 * @throws Error that names the secret, never its content, when it is not one
 */
export async function readDatabaseSecret(
  client: Pick<SecretsManagerClient, 'send'>,
  arn: string,
): Promise<DatabaseSecret> {
  const { SecretString } = await (client as SecretsManagerClient).send(new GetSecretValueCommand({ SecretId: arn }));
  const fields = parse(SecretString);
  const { username, password, host, port } = fields;
  if (!username || !password || !host || !port) {
    throw new Error(`the secret ${arn} is no database secret; it needs username, password, host and port`);
  }
  return { username, password, host, port: Number(port) };
}

function parse(text: string | undefined): Partial<Record<keyof DatabaseSecret, string>> {
  try {
    return JSON.parse(text ?? '{}') as Partial<Record<keyof DatabaseSecret, string>>;
  } catch {
    return {};
  }
}
