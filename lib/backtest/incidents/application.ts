import { type Incident, largest } from './incident';

const HOURS = 60;

/** Incidents of salons. Each begins on a Tuesday at noon. Ranks are by size: 5 is large, 150 is average. */
export const APPLICATION_INCIDENTS: readonly Incident[] = [
  {
    name: 'every message of a large salon fails',
    minutes: 3 * HOURS,
    fires: ['HighMessageFailureRate'],
    pages: false,
    effect: { salons: [5], failureRate: 1 },
  },
  {
    name: 'every message of an average salon fails',
    minutes: 6 * HOURS,
    fires: ['HighMessageFailureRate'],
    pages: false,
    effect: { salons: [150], failureRate: 1 },
  },
  {
    name: 'a third of all messages fails',
    minutes: 2 * HOURS,
    fires: ['HighMessageFailureRate'],
    pages: false,
    effect: { salons: largest(100), failureRate: 0.33 },
  },
  {
    name: 'a large salon gets no bookings any more',
    minutes: 34 * HOURS,
    fires: ['NoBookingsLast24Hours'],
    pages: false,
    effect: { salons: [20], bookings: 0 },
  },
  {
    name: 'no message comes in',
    minutes: 2 * HOURS,
    fires: ['NoMessagesReceived'],
    pages: true,
    values: [{ metric: 'service_traffic_messages', value: (since, normal) => Math.max(0, normal * (1 - since / 30)) }],
  },
  {
    name: 'AI answers take four times as long',
    minutes: 3 * HOURS,
    fires: ['AIResponseTimeSlow'],
    pages: false,
    effect: { salons: largest(20), latency: 4 },
  },
  {
    name: 'two bots answer each other in a large salon',
    minutes: 3 * HOURS,
    fires: ['AITokenUsageHigh'],
    pages: false,
    effect: { salons: [6], answers: 12, tokens: 1.5 },
  },
  {
    name: 'AI costs five times the usual',
    minutes: 3 * HOURS,
    fires: ['AICostSpike'],
    pages: true,
    cost: 5,
  },
  {
    name: 'half of the webhooks of the large salons fail',
    minutes: 2 * HOURS,
    fires: ['WebhookProcessingErrors'],
    pages: false,
    effect: { salons: largest(10), webhookErrorRate: 0.5 },
  },
  {
    name: 'a large salon is double booked',
    minutes: 2 * HOURS,
    fires: ['HighBookingConflictRate'],
    pages: false,
    effect: { salons: [1], doubleBooked: true },
  },
];
