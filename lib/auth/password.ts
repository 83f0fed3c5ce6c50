import { randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { AppError, equalBytes, fromBase64Url, toBase64Url } from '@/lib/core';

/** Cost of new hashes (OWASP's scrypt profile: 32 MiB, three passes). Old hashes carry their own. */
const COST = { logN: 15, r: 8, p: 3 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const MIN_CHARACTERS = 12;
const MIN_DISTINCT = 5;
/** Bounds on stored parameters, so that a tampered row cannot make a sign-in exhaust the machine. */
const MAX_COST = { logN: 17, r: 16, p: 8 } as const;

interface ParsedHash {
  logN: number;
  r: number;
  p: number;
  salt: Buffer;
  key: Buffer;
}

/** Hashes a password as `$scrypt$ln=15,r=8,p=3$salt$key` with a salt of its own. Takes about a quarter second. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, COST);
  return `$scrypt$ln=${COST.logN},r=${COST.r},p=${COST.p}$${toBase64Url(salt)}$${toBase64Url(key)}`;
}

/**
 * Whether the password belongs to the hash. With no hash (an unknown account) the same work is done and the answer is
 * no, so that the time taken does not tell who has an account. A hash that cannot be read matches nothing.
 */
export async function verifyPassword(password: string, hash: string | undefined): Promise<boolean> {
  const parsed = hash === undefined ? undefined : parseHash(hash);
  const expected = parsed ?? { ...COST, salt: randomBytes(SALT_BYTES), key: Buffer.alloc(KEY_BYTES) };
  const actual = await derive(password, expected.salt, expected);
  return equalBytes(actual, expected.key) && parsed !== undefined;
}

/**
 * Refuses passwords that are short, monotonous, or made of the person's own name or address.
 * @throws AppError `password_too_weak`
 */
export function requireStrongPassword(password: string, about: { email: string; name: string }): void {
  const problem = weaknessOf(password, about);
  if (problem) throw new AppError('password_too_weak', { detail: problem, fields: { password: problem } });
}

function weaknessOf(password: string, about: { email: string; name: string }): string | undefined {
  const text = password.normalize('NFKC').toLowerCase();
  if ([...text].length < MIN_CHARACTERS) return `Use at least ${MIN_CHARACTERS} characters.`;
  if (new Set(text).size < MIN_DISTINCT) return 'Use more different characters.';
  const own = [about.email.split('@')[0] ?? '', ...about.name.split(/\s+/)].map((part) => part.toLowerCase());
  const rest = own.filter((part) => part.length >= 3).reduce((left, part) => left.replaceAll(part, ''), text);
  if ([...rest].length < MIN_CHARACTERS / 2) return 'Do not build it from the name or the e-mail address.';
  return undefined;
}

function parseHash(hash: string): ParsedHash | undefined {
  const match =
    /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9_-]{22,})\$([A-Za-z0-9_-]{43})$/.exec(hash);
  if (!match) return undefined;
  const [logN, r, p] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const salt = fromBase64Url(match[4] ?? '');
  const key = fromBase64Url(match[5] ?? '');
  if (!salt || !key || logN > MAX_COST.logN || r > MAX_COST.r || p > MAX_COST.p) return undefined;
  return { logN, r, p, salt, key };
}

function derive(
  password: string,
  salt: Buffer,
  cost: { logN: number; r: number; p: number },
): Promise<Buffer> {
  const N = 2 ** cost.logN;
  const options: ScryptOptions = { N, r: cost.r, p: cost.p, maxmem: 256 * N * cost.r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
