// Makes public/maps/world.json, the outlines of the countries map, from the Natural Earth data that the npm package
// `world-atlas` carries (public domain, 1:50 m):
//
//   npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
//   node components/charts/world-map/make-world-map.js package/countries-50m.json
//
// It runs once, when the outlines are to change; its result is committed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const WIDTH = 960;
/** Units in which outlines are written: half a pixel of a map of full width. */
const GRID = 2;
/** Corners that stand out by less than this many pixels are left out. */
const TOLERANCE = 0.45;
/** An outline smaller than this, in square pixels, is left out of a country that has a larger one. */
const SMALLEST_ISLAND = 1.2;
/** A country that is smaller than this is a dot as well, so that it can be seen and pointed at. */
const SMALLEST_COUNTRY = 14;
/** Features without an ISO 3166 number, and the code that address data sets have for them. */
const CODES = { Kosovo: 'XK', 'N. Cyprus': 'CY', Somaliland: 'SO' };
/** Nobody attests there, and it would be a third of the picture. */
const LEFT_OUT = new Set(['AQ']);

const source = process.argv[2];
if (source === undefined) throw new Error('Which countries-50m.json?');
const topology = JSON.parse(readFileSync(source, 'utf8'));

/** Equal Earth (Šavrič, Patterson, Jenny 2018): areas stay comparable, which shading asks for. */
function equalEarth([longitude, latitude]) {
  const [a1, a2, a3, a4] = [1.340264, -0.081106, 0.000893, 0.003796];
  const m = Math.sqrt(3) / 2;
  const theta = Math.asin(m * Math.sin((latitude * Math.PI) / 180));
  const t2 = theta * theta;
  const t6 = t2 * t2 * t2;
  const x =
    ((longitude * Math.PI) / 180) *
    (Math.cos(theta) / (m * (a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2))));
  return [x, -theta * (a1 + a2 * t2 + t6 * (a3 + a4 * t2))];
}

const SCALE = WIDTH / (2 * equalEarth([180, 0])[0]);
const TOP = equalEarth([0, 83.7])[1] * SCALE;
const BOTTOM = equalEarth([0, -56])[1] * SCALE;

function project(point) {
  const [x, y] = equalEarth(point);
  return [x * SCALE + WIDTH / 2, y * SCALE - TOP];
}

/** Shared borders are simplified once, so that neighbours still touch. Corners stay degrees until they are cut. */
const arcs = topology.arcs.map((arc) => {
  const { scale, translate } = topology.transform;
  let [x, y] = [0, 0];
  const corners = arc.map(([dx, dy]) => {
    x += dx;
    y += dy;
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
  });
  return simplify(continuous(corners).map((degrees) => ({ degrees, at: project(degrees) }))).map(
    ({ degrees }) => degrees,
  );
});

/** The data set has no seam at 180 degrees: a step across it goes on beyond instead of back around the world. */
function continuous(corners) {
  let turn = 0;
  return corners.map(([longitude, latitude], index) => {
    const before = corners[index - 1]?.[0] ?? longitude;
    if (longitude - before > 180) turn -= 360;
    if (longitude - before < -180) turn += 360;
    return [longitude + turn, latitude];
  });
}

/** Douglas and Peucker's way of leaving out what does not stand out. */
function simplify(points) {
  if (points.length < 3) return points;
  const [first, last] = [points[0], points.at(-1)];
  let farthest = 0;
  let index = 0;
  for (let i = 1; i < points.length - 1; i += 1) {
    const distance = distanceToSegment(points[i].at, first.at, last.at);
    if (distance > farthest) [farthest, index] = [distance, i];
  }
  if (farthest <= TOLERANCE) return [first, last];
  return [...simplify(points.slice(0, index + 1)).slice(0, -1), ...simplify(points.slice(index))];
}

function distanceToSegment([x, y], [ax, ay], [bx, by]) {
  const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
  const t =
    length2 === 0 ? 0 : Math.min(Math.max(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2, 0), 1);
  return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay));
}

/** The parts of a ring on the map, projected: one, or two where it crosses the seam. */
function ringsOf(indexes) {
  const corners = indexes.flatMap((index, position) => {
    const arc = index < 0 ? arcs[~index].toReversed() : arcs[index];
    return position === 0 ? arc : arc.slice(1);
  });
  const ring = continuous(corners.map(([longitude, latitude]) => [within(longitude), latitude]));
  return [-360, 0, 360]
    .map((turn) => ring.map(([longitude, latitude]) => [longitude + turn, latitude]))
    .map((turned) => cut(cut(turned, 180, 1), -180, -1))
    .filter((part) => part.length > 0)
    .map((part) => part.map(project));
}

function within(longitude) {
  return longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude;
}

/** What of a ring lies on the near side of a meridian (Sutherland and Hodgman). */
function cut(ring, meridian, side) {
  const isInside = ([longitude]) => (longitude - meridian) * side <= 0;
  return ring.flatMap((corner, index) => {
    const before = ring.at(index - 1);
    if (isInside(corner) === isInside(before)) return isInside(corner) ? [corner] : [];
    const share = (meridian - before[0]) / (corner[0] - before[0]);
    const crossing = [meridian, before[1] + share * (corner[1] - before[1])];
    return isInside(corner) ? [crossing, corner] : [crossing];
  });
}

function areaOf(ring) {
  let sum = 0;
  for (let i = 0; i < ring.length; i += 1) {
    const [[x1, y1], [x2, y2]] = [ring[i], ring[(i + 1) % ring.length]];
    sum += x1 * y2 - x2 * y1;
  }
  return Math.abs(sum / 2);
}

function centreOf(ring) {
  const xs = ring.map(([x]) => x);
  const ys = ring.map(([, y]) => y);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}

/** A ring as relative steps on the grid, the shortest form that SVG has. */
function writeRing(ring) {
  const corners = ring.map(([x, y]) => [Math.round(x * GRID), Math.round(y * GRID)]);
  const [[startX, startY]] = corners;
  let [x, y] = [startX, startY];
  let steps = '';
  for (const [nextX, nextY] of corners.slice(1)) {
    const [dx, dy] = [nextX - x, nextY - y];
    if (dx === 0 && dy === 0) continue;
    steps += `${steps === '' || dx < 0 ? '' : ' '}${dx}${dy < 0 ? '' : ' '}${dy}`;
    [x, y] = [nextX, nextY];
  }
  return steps === '' ? '' : `M${startX} ${startY}l${steps}z`;
}

const rings = new Map();
for (const { id, type, arcs: shape, properties } of topology.objects.countries.geometries) {
  const code = id === undefined ? CODES[properties.name] : new Intl.Locale(`und-${id}`).region;
  if (code === undefined || shape === undefined || LEFT_OUT.has(code)) continue;
  const polygons = type === 'Polygon' ? [shape] : shape;
  rings.set(code, [...(rings.get(code) ?? []), ...polygons.flatMap((polygon) => polygon.flatMap(ringsOf))]);
}

const countries = [...rings]
  .map(([code, all]) => {
    const sorted = all.map((ring) => ({ ring, area: areaOf(ring) })).sort((a, b) => b.area - a.area);
    const kept = sorted.filter(({ area }, index) => index === 0 || area >= SMALLEST_ISLAND);
    const area = kept.reduce((sum, one) => sum + one.area, 0);
    const [x, y] = centreOf(kept[0].ring).map((value) => Math.round(value * GRID));
    const path = kept.map(({ ring }) => writeRing(ring)).join('');
    return { code, x, y, path, ...(area < SMALLEST_COUNTRY ? { small: true } : {}) };
  })
  .sort((a, b) => a.code.localeCompare(b.code));

const map = { width: WIDTH * GRID, height: Math.round((BOTTOM - TOP) * GRID), countries };
const target = path.join(import.meta.dirname ?? '.', '..', '..', '..', 'public', 'maps', 'world.json');
mkdirSync(path.dirname(target), { recursive: true });
writeFileSync(target, `${JSON.stringify(map)}\n`);
