/** A colour in OKLCH: lightness 0..1, chroma, hue in degrees. */
export interface Oklch {
  l: number;
  c: number;
  h: number;
}

/** Both values of one token of `app/globals.css`. */
export interface TokenPair {
  light: Oklch;
  dark: Oklch;
}

const NUMBER = '([0-9.]+)';
const OKLCH = `oklch\\(${NUMBER} ${NUMBER} ${NUMBER}\\)`;
const TOKEN = new RegExp(`--color-([a-z-]+):\\s*light-dark\\(\\s*${OKLCH},\\s*${OKLCH}\\s*\\)`, 'g');

/** Reads every `--color-*: light-dark(oklch(…), oklch(…))` of a stylesheet. */
export function readTokens(css: string): Map<string, TokenPair> {
  const tokens = new Map<string, TokenPair>();
  for (const [, name = '', ...numbers] of css.matchAll(TOKEN)) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = numbers.map(Number);
    tokens.set(name, { light: { l: a, c: b, h: c }, dark: { l: d, c: e, h: f } });
  }
  return tokens;
}

/** Linear sRGB (Björn Ottosson's matrices), clipped to the gamut as a browser would nearly do. */
function toLinearRgb({ l, c, h }: Oklch): [number, number, number] {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return [
    clip(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    clip(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    clip(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ];
}

/** Relative luminance (WCAG 2.2), 0..1. */
export function luminance(color: Oklch): number {
  const [red, green, blue] = toLinearRgb(color);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio (WCAG 2.2), 1..21. */
export function contrast(a: Oklch, b: Oklch): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}
