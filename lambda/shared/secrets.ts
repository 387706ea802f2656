import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** A database secret in the form that RDS fills in: user, password and address. */
export interface DatabaseSecret {
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly port: number;
}

/**
 * Reads a database secret.
 * @throws Error that names the secret, never its content, when a field is missing
 */
export async function readDatabaseSecret(
  client: Pick<SecretsManagerClient, 'send'>,
  arn: string,
): Promise<DatabaseSecret> {
  const { SecretString } = await (client as SecretsManagerClient).send(new GetSecretValueCommand({ SecretId: arn }));
  const fields = parse(SecretString);
  const { username, password, host, port } = fields;
  if (!username || !password || !host || !port) {
    const missing = Object.entries({ username, password, host, port }).flatMap(([name, value]) =>
      value ? [] : [name],
    );
    throw new Error(
      `the secret ${arn} is not a database secret: it has no ${missing.join(', ')}; it needs username, password, host and port`,
    );
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
