import type { Salon } from './salons';

/** What an incident changes in the application, from one minute to another. Factors multiply; rates replace. */
export interface Effect {
  readonly from: number;
  readonly until: number;
  /** Indexes of the salons; default all. */
  readonly salons?: readonly number[];
  /** Share of sent messages that fail. */
  readonly failureRate?: number;
  readonly webhookErrorRate?: number;
  /** Of the number of events. */
  readonly bookings?: number;
  readonly messages?: number;
  readonly answers?: number;
  readonly latency?: number;
  readonly tokens?: number;
  /** Bookings are made without looking for a free chair. */
  readonly doubleBooked?: boolean;
}

type Factor = 'bookings' | 'messages' | 'answers' | 'latency' | 'tokens';
type Rate = 'failureRate' | 'webhookErrorRate';

function applies(effect: Effect, salon: Salon, minute: number): boolean {
  return minute >= effect.from && minute < effect.until && (effect.salons?.includes(salon.index) ?? true);
}

/** The product of the factors for a salon at a minute; 1 where there are none. */
export function factorOf(effects: readonly Effect[], name: Factor, salon: Salon, minute: number): number {
  let factor = 1;
  for (const effect of effects)
    if (effect[name] !== undefined && applies(effect, salon, minute)) factor *= effect[name];
  return factor;
}

/** The rate for a salon at a minute: that of the last effect which has one, else the salon's own. */
export function rateOf(effects: readonly Effect[], name: Rate, salon: Salon, minute: number): number {
  let rate = salon[name];
  for (const effect of effects) if (effect[name] !== undefined && applies(effect, salon, minute)) rate = effect[name];
  return rate;
}

/** Whether bookings are made without looking for a free chair. */
export function isDoubleBooked(effects: readonly Effect[], salon: Salon, minute: number): boolean {
  return effects.some((effect) => effect.doubleBooked === true && applies(effect, salon, minute));
}
