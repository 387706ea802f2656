/**
 * Settings of clients: how long a call may take, ms, and how often it is tried. A service that does not answer is a part that could not be
 * found out, while the function still has time to send the rest. Without `throwOnRequestTimeout` the SDK only warns, and waits on.
 */
export const PATIENCE = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3000, requestTimeout: 10_000, throwOnRequestTimeout: true },
};
