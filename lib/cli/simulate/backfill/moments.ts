import type { Random } from '../random';
import type { PastDevice } from './device';
import { ATTEMPTS_PER_ATTACKER, FARM_EVENTS_PER_DAY, type Habit, type Plan } from './plan';
import { DAY_MS, drawTimeOfDay, HOUR_MS } from './rhythm';

/** Something that a device does. */
export interface Moment {
  readonly atMs: number;
  /** Which of its addresses it has. */
  readonly address: 0 | 1;
}

const TOKEN_MS = 300_000;
const MORE_SESSIONS = 1.2;
const MORE_TOKENS = 2.6;
const AT_HOME = 0.6;
/** A counter leaves room for so many in a day. */
const MOST_PER_DAY = 60;

type Draw = (random: Random, plan: Plan, device: PastDevice, dayMs: number) => Moment[];

const MOMENTS: Readonly<Record<Habit, Draw>> = {
  // People open the app a few times; while it is open, it renews its token.
  people: (random, _plan, { cohort }, dayMs) => {
    const midnightMs = dayMs - cohort.place.utcOffset * HOUR_MS;
    const moments: Moment[] = [];
    for (let sessions = 1 + random.arrivals(MORE_SESSIONS); sessions > 0; sessions--) {
      const address = random.next() < AT_HOME ? 0 : 1;
      let atMs = midnightMs + drawTimeOfDay(random);
      for (let tokens = 1 + random.arrivals(MORE_TOKENS); tokens > 0; tokens--) {
        moments.push({ atMs, address });
        atMs += TOKEN_MS + random.integer(20_000);
      }
    }
    return moments;
  },
  farm: (random, { incidents: { farm } }, _device, dayMs) => {
    const [fromMs, toMs] = [Math.max(dayMs, farm.fromMs), Math.min(dayMs + DAY_MS, farm.toMs)];
    const count = Math.round((FARM_EVENTS_PER_DAY * (toMs - fromMs)) / DAY_MS);
    return spread(random, count, fromMs, toMs);
  },
  attack: (random, { incidents: { attack } }, _device, dayMs) => {
    const [fromMs, toMs] = [Math.max(dayMs, attack.fromMs), Math.min(dayMs + DAY_MS, attack.toMs)];
    const count = Math.round((ATTEMPTS_PER_ATTACKER * (toMs - fromMs)) / (attack.toMs - attack.fromMs));
    return spread(random, count, fromMs, toMs);
  },
};

function spread(random: Random, count: number, fromMs: number, toMs: number): Moment[] {
  return Array.from({ length: Math.max(0, count) }, () => ({
    atMs: fromMs + random.integer(Math.max(1, toMs - fromMs)),
    address: random.next() < AT_HOME ? 0 : 1,
  }));
}

/** What a device does on a day on which it is used, in its order; nothing lies behind the end of the history. */
export function momentsOf(plan: Plan, device: PastDevice, day: number, random: Random): Moment[] {
  const dayMs = plan.startMs + day * DAY_MS;
  return MOMENTS[device.cohort.habit](random, plan, device, dayMs)
    .filter(({ atMs }) => atMs < plan.endMs)
    .sort((a, b) => a.atMs - b.atMs)
    .slice(0, MOST_PER_DAY);
}
