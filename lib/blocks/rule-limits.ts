import type { RuleRow } from './rule-store';

type Limits = Pick<RuleRow, 'mostDevices' | 'mostPercent'>;

/** Whether so many devices within a day are more than a rule may block, of those that were seen. */
export function exceeds({ mostDevices, mostPercent }: Limits, devices: number, seen: number): boolean {
  return devices > mostDevices || devices * 100 > mostPercent * seen;
}

/** How many devices have to have been seen for so many not to be too large a share of them. */
export function seenNeeded({ mostPercent }: Limits, devices: number): number {
  return Math.ceil((devices * 100) / mostPercent);
}
