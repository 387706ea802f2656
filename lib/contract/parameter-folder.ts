/** Folder of an environment's SSM parameters, such as `/whatsapp-saas/production`. */
function parameterFolder(environment: string): string {
  return `/whatsapp-saas/${environment}`;
}

/**
 * Name of the SSM parameter that holds a host name.
 * @param address `writer`, `primary`, `replica-1` … or `reader`
 */
export function addressParameter(environment: string, address: string): string {
  return `${parameterFolder(environment)}/database/${address}`;
}

/** Name of an SSM parameter for people's access, such as `gateway`. */
export function accessParameter(environment: string, name: string): string {
  return `${parameterFolder(environment)}/access/${name}`;
}

/**
 * Name of an SSM parameter about the cache.
 * @param name `primary`, `reader`, `secret` or `client-security-group`
 */
export function cacheParameter(environment: string, name: string): string {
  return `${parameterFolder(environment)}/cache/${name}`;
}
