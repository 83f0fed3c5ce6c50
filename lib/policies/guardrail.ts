import type { Guardrail, GuardrailFigures } from '@/lib/contracts';

/** Two-sided 95 %. */
const Z = 1.959963984540054;

interface Group {
  readonly devices: number;
  readonly rejected: number;
}

/** Wilson's interval of a share. */
function wilson({ devices, rejected }: Group): { share: number; low: number; high: number } {
  const share = rejected / devices;
  const z2 = Z * Z;
  const centre = (share + z2 / (2 * devices)) / (1 + z2 / devices);
  const spread =
    (Z / (1 + z2 / devices)) * Math.sqrt((share * (1 - share)) / devices + z2 / (4 * devices * devices));
  return { share, low: Math.max(0, centre - spread), high: Math.min(1, centre + spread) };
}

/**
 * Compares how many devices are rejected in both groups. The interval of the difference is Newcombe's (1998, method 10),
 * which holds for shares near zero and for groups of different sizes. It trips where even the low end of the interval is
 * above what is allowed; below `minDevices` of either group nothing is concluded.
 */
export function judgeGroups(
  { maxIncrease, minDevices }: Guardrail,
  candidate: Group,
  control: Group,
): GuardrailFigures {
  if (candidate.devices < minDevices || control.devices < minDevices) {
    return { candidate, control, increase: null, isTripped: false };
  }
  const [a, b] = [wilson(candidate), wilson(control)];
  const value = a.share - b.share;
  const low = value - Math.hypot(a.share - a.low, b.high - b.share);
  const high = value + Math.hypot(a.high - a.share, b.share - b.low);
  return { candidate, control, increase: { value, low, high }, isTripped: low > maxIncrease };
}

const points = (share: number) => (share * 100).toFixed(1);

/** Why it tripped, for the audit log and people. */
export function tripWords(
  { candidate, control, increase }: GuardrailFigures,
  { maxIncrease }: Guardrail,
): string {
  const of = ({ devices, rejected }: Group) => `${rejected} of ${devices}`;
  const { value = 0, low = 0, high = 0 } = increase ?? {};
  return (
    `The guardrail stopped it: ${of(candidate)} devices rejected, ${of(control)} in the control group. That is ` +
    `${points(value)} percentage points more (95 % interval ${points(low)} to ${points(high)}), and at most ` +
    `${points(maxIncrease)} are allowed.`
  );
}
