/** Folder of an environment's SSM parameters, such as `/whatsapp-saas/production`. */
export function parameterFolder(environment: string): string {
  return `/whatsapp-saas/${environment}`;
}
