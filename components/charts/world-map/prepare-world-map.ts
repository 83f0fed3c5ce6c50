/** The outlines of the countries in SVG's units, as `public/maps/world.json` holds them. */
export interface WorldOutlines {
  width: number;
  height: number;
  countries: readonly CountryOutline[];
}

export interface CountryOutline {
  /** ISO 3166-1 alpha-2. */
  code: string;
  /** The middle of its largest part. */
  x: number;
  y: number;
  path: string;
  /** Whether it is too small to be seen by its outline. */
  small?: boolean;
}

/** What was counted in one country; an empty code stands for an unknown one. */
export interface CountryCount {
  country: string;
  events: number;
  rejected: number;
}

/** A share of rejected attestations that stands out. */
export const MANY_REJECTED = 0.1;
/** One rejection among fewer attestations than these says nothing. */
export const HANDFUL = 10;

/** How dark a country is: 1 (few) to 5 (most). */
export type ShadeLevel = 1 | 2 | 3 | 4 | 5;
const LEVELS = 5;

export interface ShadedCountry extends CountryOutline {
  events: number;
  /** Share of its attestations that were rejected, 0 to 1. */
  rejectedShare: number;
  /** Whether that share stands out, and is of more than a handful. */
  manyRejected: boolean;
  /** Its share of all attestations, unknown countries included. */
  share: number;
  level: ShadeLevel;
}

export interface PreparedWorld {
  /** Countries with attestations, most first. */
  shaded: readonly ShadedCountry[];
  /** One outline of all the others. */
  rest: string;
  /** What has no place on the map: unknown countries, and codes that are no country's. Most first. */
  placeless: readonly CountryCount[];
}

/** Shades countries by the logarithm of their attestations: one large market must not make all others look empty. */
export function prepareWorld(outlines: WorldOutlines, counts: readonly CountryCount[]): PreparedWorld {
  const sorted = counts.filter(({ events }) => events > 0).toSorted((a, b) => b.events - a.events);
  const all = sorted.reduce((sum, { events }) => sum + events, 0);
  const outlineOf = new Map(outlines.countries.map((outline) => [outline.code, outline]));
  const placed = sorted.flatMap((count) => {
    const outline = outlineOf.get(count.country);
    return outline === undefined ? [] : [{ count, outline }];
  });
  const most = placed[0]?.count.events ?? 1;
  const codes = new Set(placed.map(({ count }) => count.country));
  return {
    shaded: placed.map(({ count, outline }) => ({
      ...outline,
      events: count.events,
      rejectedShare: count.rejected / count.events,
      manyRejected: count.events >= HANDFUL && count.rejected / count.events >= MANY_REJECTED,
      share: count.events / all,
      level: levelOf(count.events, most),
    })),
    rest: outlines.countries
      .filter(({ code }) => !codes.has(code))
      .map(({ path }) => path)
      .join(''),
    placeless: sorted.filter(({ country }) => !codes.has(country)),
  };
}

function levelOf(events: number, most: number): ShadeLevel {
  const level = Math.ceil((LEVELS * Math.log1p(events)) / Math.log1p(most));
  return Math.min(Math.max(level, 1), LEVELS) as ShadeLevel;
}

/** Which way an arrow key points, as a step to the right and down. */
export const DIRECTION_OF_KEY: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The nearest country in a direction: what lies aside counts double. `undefined` where there is none. */
export function neighbour<Place extends { code: string; x: number; y: number }>(
  places: readonly Place[],
  from: Place,
  [right, down]: readonly [number, number],
): Place | undefined {
  let nearest: Place | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const place of places) {
    const [dx, dy] = [place.x - from.x, place.y - from.y];
    const ahead = dx * right + dy * down;
    const aside = Math.abs(dx * down) + Math.abs(dy * right);
    const distance = ahead + 2 * aside;
    if (ahead > 0 && aside <= 2 * ahead && distance < least) [nearest, least] = [place, distance];
  }
  return nearest;
}
