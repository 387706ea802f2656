/**
 * Regions of AWS's partition `aws` with the letters of their zones. Source: AVAILABILITY_ZONES of cfn-lint
 * (github.com/aws-cloudformation/cfn-lint, src/cfnlint/helpers.py), 2026-08-19. In us-west-1 an account sees two of three letters.
 * Which other letters an account sees differs between accounts: the preflight asks it.
 */
const ZONE_LETTERS: Readonly<Record<string, string>> = {
  'af-south-1': 'abc',
  'ap-east-1': 'abc',
  'ap-east-2': 'abc',
  'ap-northeast-1': 'abcd',
  'ap-northeast-2': 'abcd',
  'ap-northeast-3': 'abc',
  'ap-south-1': 'abc',
  'ap-south-2': 'abc',
  'ap-southeast-1': 'abc',
  'ap-southeast-2': 'abc',
  'ap-southeast-3': 'abc',
  'ap-southeast-4': 'abc',
  'ap-southeast-5': 'abc',
  'ap-southeast-6': 'abc',
  'ap-southeast-7': 'abc',
  'ca-central-1': 'abcd',
  'ca-west-1': 'abc',
  'eu-central-1': 'abc',
  'eu-central-2': 'abc',
  'eu-north-1': 'abc',
  'eu-south-1': 'abc',
  'eu-south-2': 'abc',
  'eu-west-1': 'abc',
  'eu-west-2': 'abc',
  'eu-west-3': 'abc',
  'il-central-1': 'abc',
  'me-central-1': 'abc',
  'me-south-1': 'abc',
  'mx-central-1': 'abc',
  'sa-east-1': 'abc',
  'us-east-1': 'abcdef',
  'us-east-2': 'abc',
  'us-west-1': 'abc',
  'us-west-2': 'abcd',
};

/** Names of the regions that an environment may be in. China, GovCloud and the European Sovereign Cloud have other partitions. */
export const REGIONS: readonly string[] = Object.keys(ZONE_LETTERS);

/** Names of a region's zones, such as `us-east-1a`; none for a region that does not exist. */
export function zonesOf(region: string): string[] {
  const letters = Object.hasOwn(ZONE_LETTERS, region) ? ZONE_LETTERS[region]! : '';
  return [...letters].map((letter) => `${region}${letter}`);
}
