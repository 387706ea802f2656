/** Why a call was not answered. */
export type Reason = 'credentials' | 'unreachable' | 'denied' | 'throttled' | 'error';

/** An action of IAM, such as `rds:DescribeDBProxies`. */
export type Action = `${string}:${string}`;

/** What a person does about it. */
const WAYS_OUT: Readonly<Record<Reason, (action: Action) => string>> = {
  denied: (action) => `ask for the permission ${action}, which only reads, or let somebody who has it run this`,
  throttled: () => 'start it again in a minute',
  unreachable: () => 'check the network, the proxy and the VPN, then start it again',
  credentials: () =>
    'log in, for example with "aws sso login", or choose a profile with AWS_PROFILE, then start it again',
  error: () => 'check this in the console if the message does not help',
};

/** A call that AWS did not answer. Its message is a sentence without a full stop. */
export class NotAnswered extends Error {
  /** What to do about it. */
  readonly wayOut: string;

  constructor(
    readonly reason: Reason,
    /** The action that the call needs. */
    readonly action: Action,
    message: string,
  ) {
    super(message);
    this.name = 'NotAnswered';
    this.wayOut = WAYS_OUT[reason](action);
  }
}

/** What the SDK’s errors have, and Node's errors of the network. */
interface CallError {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly errors?: readonly CallError[];
  readonly cause?: CallError;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

/** Names and codes of errors by reason. Credentials come first: some of their names also say "unauthorized". */
const KINDS: readonly (readonly [Reason, RegExp])[] = [
  [
    'credentials',
    /^(CredentialsProviderError|TokenProviderError|ProcessCredentials.*|ExpiredToken(Exception)?|RequestExpired|RequestTimeTooSkewed|TokenRefreshRequired|InvalidClientTokenId|UnrecognizedClientException|AuthFailure|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature(Exception)?|MissingAuthenticationToken(Exception)?|InvalidAccessKeyId|UnauthorizedSSOTokenError|UnauthorizedException|InvalidIdentityToken|IDPCommunicationError)$/,
  ],
  [
    'unreachable',
    /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|EPROTO|TimeoutError|NetworkingError|CERT_.*|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_.*)$/,
  ],
  [
    'throttled',
    /^(Throttl.*|TooManyRequests(Exception)?|RequestLimitExceeded|BandwidthLimitExceeded|SlowDown|LimitExceededException)$/,
  ],
  [
    'denied',
    /^(.*AccessDenied.*|UnauthorizedOperation|AuthorizationError(Exception)?|NotAuthorized.*|OperationNotPermitted.*|OptInRequired|SubscriptionRequired.*)$/,
  ],
];

/**
 * The answer of a call.
 * @throws NotAnswered with the reason
 */
export async function ask<T>(action: Action, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw notAnswered(action, error as CallError);
  }
}

/**
 * The answer of a call; undefined where AWS says that what it asks about does not exist.
 * @param absent name of the error that says so
 * @throws NotAnswered with the reason
 */
export async function askFor<T>(action: Action, absent: RegExp, call: () => Promise<T>): Promise<T | undefined> {
  return ask(action, async () => {
    try {
      return await call();
    } catch (error) {
      if (absent.test(`${(error as CallError).name}: ${(error as CallError).message}`)) return undefined;
      throw error;
    }
  });
}

/**
 * What all pages of a paginator have.
 * @throws NotAnswered with the reason
 */
export async function askAll<Page, T>(
  action: Action,
  pages: AsyncIterable<Page>,
  pick: (page: Page) => readonly T[] | undefined,
): Promise<T[]> {
  return ask(action, async () => {
    const found: T[] = [];
    for await (const page of pages) found.push(...(pick(page) ?? []));
    return found;
  });
}

function notAnswered(action: Action, error: CallError): NotAnswered {
  const reason = reasonOf(error);
  const said = (error.message ?? '').split('\n')[0]?.replace(/\.$/, '') || error.name || 'no reason given';
  // IAM names the action, which may be another one, such as that of the key that encrypts what was asked for.
  const needed = (/not authorized to perform: ([\w-]+:\w+)/.exec(said)?.[1] as Action | undefined) ?? action;
  const messages: Readonly<Record<Reason, string>> = {
    credentials: `AWS credentials are missing, expired or refused (${said})`,
    unreachable: `AWS cannot be reached (${said})`,
    throttled: `AWS answers no more calls of ${action} for now`,
    denied: `these credentials may not call it: needs ${needed}`,
    error: `${action} failed: ${error.name ?? 'Error'}: ${said}`,
  };
  return new NotAnswered(reason, reason === 'denied' ? needed : action, messages[reason]);
}

function reasonOf(error: CallError): Reason {
  const known = [error, ...(error.errors ?? []), ...(error.cause ? [error.cause] : [])];
  const names = known.flatMap(({ name, code }) => [code, name]).filter((text) => text !== undefined);
  const found = KINDS.find(([, pattern]) => names.some((text) => pattern.test(text)));
  if (found) return found[0];
  if (error.$retryable?.throttling) return 'throttled';
  return error.$metadata?.httpStatusCode === 403 ? 'denied' : 'error';
}
