/** Box that a sparkline is drawn in. */
export const SPARK_WIDTH = 96;
export const SPARK_HEIGHT = 24;
const PADDING = 2;

/** The path of a sparkline in its box, from its lowest to its highest value; `null` is a gap. Empty without values. */
export function prepareSparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return '';
  const low = Math.min(...known);
  const high = Math.max(...known);
  const x = (index: number) => (values.length < 2 ? 0 : (index / (values.length - 1)) * SPARK_WIDTH);
  const y = (value: number) =>
    high === low
      ? SPARK_HEIGHT / 2
      : SPARK_HEIGHT - PADDING - ((value - low) / (high - low)) * (SPARK_HEIGHT - 2 * PADDING);
  let path = '';
  let drawing = false;
  for (const [index, value] of values.entries()) {
    if (value !== null) path += `${drawing ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    drawing = value !== null;
  }
  return path;
}
