import type { FuzzRandom } from './random';

/** What hostile JSON puts where something else belongs. */
const VALUES = [
  null,
  true,
  0,
  -1,
  1e308,
  0.1,
  '',
  'x',
  '\u0000',
  '\ud800',
  '../../etc',
  '__proto__',
  'PLAY_RECOGNIZED',
  '9'.repeat(400),
  [],
  {},
  [[[[[[[[]]]]]]]],
  { toString: null },
] as const;
const NAMES = ['__proto__', 'constructor', 'toString', 'alg', 'crit', 'zip', 'nonce', 'x', ''] as const;

type Json = Record<string, unknown> | unknown[];

/** Every object and array, outermost first. */
function* containersOf(value: unknown): Generator<Json> {
  if (typeof value !== 'object' || value === null) return;
  yield value as Json;
  for (const member of Object.values(value)) yield* containersOf(member);
}

/** A copy of a JSON value with one to three members changed, added, removed, or given another's value. */
export function mutateJson(random: FuzzRandom, value: unknown): unknown {
  const copy: unknown = structuredClone(value);
  for (let changes = 1 + random.below(3); changes > 0; changes--) {
    const containers = [...containersOf(copy)];
    const container = containers[random.below(containers.length)];
    if (container !== undefined) mutateMember(random, container as Record<string, unknown>);
  }
  return copy;
}

function mutateMember(random: FuzzRandom, container: Record<string, unknown>): void {
  const names = Object.keys(container);
  const name = names[random.below(names.length)] ?? random.pick(NAMES);
  const set = (at: string, value: unknown) =>
    Object.defineProperty(container, at, { value, writable: true, enumerable: true, configurable: true });
  // What is inherited is everybody's: to change that would change the machine under test.
  const own = (at: string) => (Object.hasOwn(container, at) ? container[at] : undefined);
  switch (random.below(6)) {
    case 0:
      delete container[name];
      return;
    case 1:
      set(random.pick(NAMES), structuredClone(random.pick(VALUES)));
      return;
    case 2:
      set(name, structuredClone(own(names[random.below(names.length)] ?? name)));
      return;
    case 3:
      set(name, mutateText(random, textOf(own(name))));
      return;
    default:
      set(name, structuredClone(random.pick(VALUES)));
  }
}

/** A value as a text: itself, or its JSON. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** One change of a text, by its characters. */
export function mutateText(random: FuzzRandom, text: string): string {
  const at = random.below(text.length + 1);
  switch (random.below(4)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + String.fromCharCode(random.below(0x3000)) + text.slice(at);
    case 2:
      return text.slice(0, at) + text.slice(at + 1);
    default:
      return (
        text.slice(0, at) +
        random.pick(['.', '=', 'A', '_', '-', '"', '\\', ' ', '{', '[']) +
        text.slice(at + 1)
      );
  }
}

/** A compact JOSE text with one part changed as what it is: a header's members, a payload, or its characters. */
export function mutateJose(random: FuzzRandom, compact: string): string {
  const parts = compact.split('.');
  const index = random.below(parts.length);
  const part = parts[index] ?? '';
  switch (random.below(5)) {
    case 0:
      return mutateText(random, compact);
    case 1:
      parts.splice(index, random.below(2), random.pick(['', part, `${part}=`, 'e30']));
      return parts.join('.');
    case 2:
      [parts[0], parts[index]] = [part, parts[0] ?? ''];
      return parts.join('.');
    default:
      parts[index] = mutatePart(random, part);
      return parts.join('.');
  }
}

function mutatePart(random: FuzzRandom, part: string): string {
  const bytes = Buffer.from(part, 'base64url');
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'));
    return Buffer.from(JSON.stringify(mutateJson(random, json)) ?? '').toString('base64url');
  } catch {
    return mutateText(random, part);
  }
}
