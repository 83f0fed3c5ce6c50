import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

/** Oldest versions without a known vulnerability that matters here. */
const FLOORS: Readonly<Record<string, string>> = {
  next: '16.4.6',
  react: '19.3.1',
  'react-dom': '19.3.1',
  'next-auth': '4.24.15',
  'drizzle-orm': '0.45.4',
};

const packageSchema = z.looseObject({
  version: z.string().optional(),
  integrity: z.string().optional(),
  optional: z.boolean().optional(),
  os: z.array(z.string()).optional(),
  cpu: z.array(z.string()).optional(),
  libc: z.array(z.string()).optional(),
});

const lockfileSchema = z.object({
  lockfileVersion: z.literal(3),
  packages: z.record(z.string(), packageSchema),
});

const text = readFileSync(fileURLToPath(new URL('../../package-lock.json', import.meta.url)), 'utf8');
const { packages } = lockfileSchema.parse(JSON.parse(text));

/** Every installed copy of a package, wherever it is nested. */
function copiesOf(name: string): { place: string; version: string }[] {
  return Object.entries(packages).flatMap(([place, { version }]) =>
    (place === `node_modules/${name}` || place.endsWith(`/node_modules/${name}`)) && version !== undefined
      ? [{ place, version }]
      : [],
  );
}

/** Whether npm installs it on Linux with glibc; other platforms' variants of a package are optional. */
function mayBeInstalledOnLinux({ optional, os, cpu, libc }: z.infer<typeof packageSchema>): boolean {
  if (optional !== true) return true;
  const fits = (values: string[] | undefined, ...accepted: string[]) =>
    values === undefined || values.some((value) => accepted.includes(value));
  return fits(os, 'linux') && fits(cpu, 'x64', 'arm64') && fits(libc, 'glibc');
}

function isAtLeast(version: string, floor: string): boolean {
  const [have, want] = [version, floor].map((text) => text.split('-')[0]?.split('.').map(Number) ?? []);
  const at = want?.findIndex((part, index) => part !== have?.[index]) ?? -1;
  return at < 0 ? !version.includes('-') : (have?.[at] ?? 0) > (want?.[at] ?? 0);
}

describe('package-lock.json', () => {
  it.each(Object.entries(FLOORS))('has no copy of %s older than %s', (name, floor) => {
    const copies = copiesOf(name);
    expect(copies).not.toEqual([]);
    expect(copies.filter(({ version }) => !isAtLeast(version, floor))).toEqual([]);
  });

  it('names no registry, so that it installs from any', () => {
    expect(text).not.toContain('"resolved"');
  });

  it('has a digest for every package that this product is tested with', () => {
    const without = Object.entries(packages).filter(
      ([place, entry]) => place !== '' && entry.integrity === undefined && mayBeInstalledOnLinux(entry),
    );
    expect(without.map(([place]) => place)).toEqual([]);
  });

  it('compares versions by their numbers', () => {
    expect(isAtLeast('16.10.0', '16.4.6')).toBe(true);
    expect(isAtLeast('16.4.6', '16.4.6')).toBe(true);
    expect(isAtLeast('16.4.5', '16.4.6')).toBe(false);
    expect(isAtLeast('16.4.6-canary.1', '16.4.6')).toBe(false);
    expect(isAtLeast('15.9.9', '16.4.6')).toBe(false);
  });
});
