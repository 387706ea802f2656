import { HOURS_PER_MONTH } from '../cost-line';
import type { Pricer } from './pricer';

/** An interface endpoint costs in each of its zones; a gateway endpoint costs nothing. */
export const ENDPOINT: Pricer = {
  group: 'network',
  lines: ({ properties }, { line, usage }) => {
    if (properties['VpcEndpointType'] !== 'Interface') return [];
    const zones = ((properties['SubnetIds'] ?? []) as unknown[]).length;
    return [
      line(`interface endpoint in ${zones} zone(s)`, zones * HOURS_PER_MONTH, 'hours', 'vpc/endpointHour'),
      line('data through it', usage.endpointGb, 'GB', 'vpc/endpointGb', 'endpointGb'),
    ];
  },
};

/** A NAT gateway, without its address. */
export const NAT_GATEWAY: Pricer = {
  group: 'network',
  lines: (_, { line, usage }) => [
    line('NAT gateway', HOURS_PER_MONTH, 'hours', 'vpc/natHour'),
    line('data through it', usage.natGb, 'GB', 'vpc/natGb', 'natGb'),
  ],
};

/** A public IPv4 address. */
export const PUBLIC_ADDRESS: Pricer = {
  group: 'network',
  lines: (_, { line }) => [line('public IPv4 address', HOURS_PER_MONTH, 'hours', 'vpc/publicIpHour')],
};

/** A private zone; queries of the VPC's resolver are free. */
export const ZONE: Pricer = {
  group: 'network',
  lines: (_, { line }) => [line('zone', 1, 'zone', 'route53/zoneMonth')],
};

/** A health check of an alarm or of others. That it costs what one of an AWS endpoint costs is unconfirmed. */
export const HEALTH_CHECK: Pricer = {
  group: 'network',
  lines: (_, { line }) => [
    { ...line('health check', 1, 'health check', 'route53/healthCheckMonth'), unconfirmed: true },
  ],
};
