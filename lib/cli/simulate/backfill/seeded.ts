import { createHash } from 'node:crypto';
import { createRandom, type Random } from '../random';

/** Randomness that belongs to a name: the same seed and name give the same numbers, whatever was drawn before. */
export function seeded(seed: number, name: string): Random {
  return createRandom(hash32(seed, name));
}

/** Uniform in [0, 1), belonging to a name. */
export function chance(seed: number, name: string): number {
  return hash32(seed, name) / 4_294_967_296;
}

/** FNV-1a with a final mix; for spreading names, not for secrets. */
function hash32(seed: number, name: string): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** 32 bytes that belong to a name. */
export function seededBytes(seed: number, name: string): Buffer {
  return createHash('sha256').update(`${seed}\0${name}`).digest();
}

/** A UUIDv7 of that moment whose random part is drawn. */
export function drawId(random: Random, atMs: number): string {
  const time = Math.floor(atMs).toString(16).padStart(12, '0');
  const hex = (digits: number) =>
    random
      .integer(16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-${(8 + random.integer(4)).toString(16)}${hex(3)}-${hex(6)}${hex(6)}`;
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A reference that is drawn, such as `K7QF-2M9D`. */
export function drawReference(random: Random): string {
  const four = () => {
    const drawn = random.integer(2 ** 20);
    return [15, 10, 5, 0].map((shift) => CROCKFORD[(drawn >>> shift) & 31]).join('');
  };
  return `${four()}-${four()}`;
}
