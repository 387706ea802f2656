import { ask, askFor, NotAnswered } from '../../lib/account/ask';

/** An error of the SDK or of Node. */
const failure = (name: string, change: object = {}) => Object.assign(new Error('said'), { name }, change);

async function reasonOf(error: Error): Promise<string | undefined> {
  const rejected: unknown = await ask('rds:DescribeDBProxies', () => Promise.reject(error)).catch(
    (caught: unknown) => caught,
  );
  return rejected instanceof NotAnswered ? rejected.reason : undefined;
}

test.each([
  ['credentials', ['CredentialsProviderError', 'TokenProviderError', 'ExpiredToken', 'ExpiredTokenException']],
  ['credentials', ['InvalidClientTokenId', 'UnrecognizedClientException', 'AuthFailure', 'SignatureDoesNotMatch']],
  ['credentials', ['UnauthorizedException', 'RequestExpired']],
  ['denied', ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'AuthorizationError']],
  ['denied', ['KMSAccessDeniedException', 'OptInRequired', 'OperationNotPermittedException']],
  ['throttled', ['Throttling', 'ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded']],
  ['unreachable', ['TimeoutError']],
  ['error', ['InternalFailure', 'ValidationError', 'ServiceUnavailable']],
])('%s: %j', async (reason, names) => {
  const reasons = await Promise.all(names.map((name) => reasonOf(failure(name))));
  expect(reasons).toEqual(names.map(() => reason));
});

test.each([
  'ENOTFOUND',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'CERT_HAS_EXPIRED',
])('the code %s of Node means that AWS cannot be reached', async (code) => {
  expect(await reasonOf(failure('Error', { code }))).toBe('unreachable');
});

test('the reason is also found inside of another error', async () => {
  expect(await reasonOf(failure('AggregateError', { errors: [failure('Error', { code: 'ECONNREFUSED' })] }))).toBe(
    'unreachable',
  );
  expect(await reasonOf(failure('Error', { cause: failure('Error', { code: 'ENOTFOUND' }) }))).toBe('unreachable');
});

test('an unknown error is judged by what the SDK adds', async () => {
  expect(await reasonOf(failure('SomethingNew', { $metadata: { httpStatusCode: 403 } }))).toBe('denied');
  expect(await reasonOf(failure('SomethingNew', { $retryable: { throttling: true } }))).toBe('throttled');
});

test('only the error that says so means that something does not exist', async () => {
  const absent = /^NoSuchEntity/;
  expect(await askFor('iam:GetRole', absent, () => Promise.reject(failure('NoSuchEntityException')))).toBeUndefined();
  await expect(askFor('iam:GetRole', absent, () => Promise.reject(failure('AccessDenied')))).rejects.toThrow(
    'these credentials may not call it: needs iam:GetRole',
  );
});
