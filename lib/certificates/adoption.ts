import type { Adoption } from '@/lib/contracts';
import type { RotationRow } from './store/rotations';

/** How many of these devices held a configuration version, or a later one. */
export function adoptionOf(
  devices: readonly { version: number; devices: number }[],
  version: number,
): Adoption {
  const sum = (rows: readonly { devices: number }[]) => rows.reduce((total, row) => total + row.devices, 0);
  return { devices: sum(devices), holding: sum(devices.filter((row) => row.version >= version)) };
}

/** What a switch now would mean. Devices that only report refuse nothing. */
export function switchRisk(
  { devices, holding }: Adoption,
  { targetShare }: Pick<RotationRow, 'targetShare'>,
  reportOnly: boolean,
): { cutOffNow: number; isSafe: boolean } {
  const lacking = devices - holding;
  // The share is stored as a 32-bit number, of which the 7th digit is noise.
  const needed = Math.ceil(devices * (targetShare - 1e-6));
  return { cutOffNow: reportOnly ? 0 : lacking, isSafe: reportOnly || holding >= needed };
}
