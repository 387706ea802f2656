import { BlockList, isIPv4 } from 'node:net';

/** A range of IPv4 addresses. */
interface Ipv4Range {
  /** As it is written. */
  readonly address: string;
  /** The first address of the range; `address` where the range is well written. */
  readonly first: string;
  /** Bits of the mask, 0 to 32. */
  readonly prefix: number;
}

/** Ranges that no address of the internet is in: RFC 1918, and RFC 6598, which a VPC may also use. */
const PRIVATE_RANGES = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
] as const;
const privateAddresses = new BlockList();
for (const [address, prefix] of PRIVATE_RANGES) privateAddresses.addSubnet(address, prefix);

/** Reads a CIDR such as `10.0.0.0/16`; undefined for another text. */
export function parseCidr(text: string): Ipv4Range | undefined {
  const [, address = '', bits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const prefix = Number(bits);
  if (!isIPv4(address) || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  const number = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const first = number - (number % size);
  return { address, first: [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.'), prefix };
}

/** Whether no address of a range of /16 or smaller is on the internet. */
export function isPrivate({ first }: Ipv4Range): boolean {
  return privateAddresses.check(first);
}
