import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const VECTORS = path.resolve('lib/evidence/testing/vectors');
const FOLDERS = ['ios/attestation', 'ios/assertion', 'ios/negative', 'android/chains', 'android/negative'];
/** Judges a receipt by itself, which `evidence verify` does not. */
const RECEIPT_KIND = 'apple-appattest/receipt';

interface Line {
  case: string;
  result: string;
  code: string | null;
  verified: boolean;
  status: string | null;
  checks: unknown[];
}

interface Case {
  case?: string;
  kind?: string;
  expected: { result: string };
}

let folder: string;

function verify(files: readonly string[]): Promise<{ status: number; lines: Line[]; errors: string }> {
  return new Promise((resolve) => {
    const args = ['lib/cli/bin.js', 'evidence', 'verify', ...files];
    execFile(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const lines = stdout.split('\n').filter(Boolean);
      resolve({
        status: typeof error?.code === 'number' ? error.code : 0,
        lines: lines.map((line) => JSON.parse(line) as Line),
        errors: stderr,
      });
    });
  });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-verify-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('countersign evidence verify', () => {
  it('gives every captured and every altered case its expected result, in one run', async () => {
    const files = FOLDERS.flatMap((name) =>
      readdirSync(path.join(VECTORS, name))
        .filter((file) => file.endsWith('.json'))
        .map((file) => path.join(VECTORS, name, file)),
    );
    const cases = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Case);
    const { status, lines } = await verify(files);
    expect(status).toBe(0);
    expect(lines).toHaveLength(files.length);
    const wrong = cases.flatMap(({ kind, expected }, at) => {
      const line = lines[at];
      const fits = expected.result === 'either' ? line?.result !== 'error' : line?.result === expected.result;
      return fits || kind === RECEIPT_KIND ? [] : [`${files[at]}: ${expected.result}, not ${line?.result}`];
    });
    expect(wrong).toEqual([]);
  });

  it('accepts only what verified and is trusted, and says why it does not accept', async () => {
    const { lines } = await verify(
      readdirSync(path.join(VECTORS, 'android/chains'))
        .filter((file) => file.endsWith('.json'))
        .map((file) => path.join(VECTORS, 'android/chains', file)),
    );
    for (const { case: name, result, verified, status, code, checks } of lines) {
      expect(result === 'accept', name).toBe(verified && status === 'trusted');
      expect(code === null, name).toBe(result === 'accept');
      expect(checks.length, name).toBeGreaterThan(0);
    }
  });

  it('calls a case that is no case an error, and ends with 0', async () => {
    const file = path.join(folder, 'no-case.json');
    await writeFile(file, '{"case": "broken"');
    const { status, lines } = await verify([file]);
    expect(status).toBe(0);
    expect(lines).toMatchObject([
      { case: 'no-case', result: 'error', code: 'case_malformed', verified: false },
    ]);
  });

  it('ends with 2 where a file cannot be read, and still judges the others', async () => {
    const file = path.join(folder, 'empty.json');
    await writeFile(file, '{}');
    const { status, lines, errors } = await verify([path.join(folder, 'missing.json'), file]);
    expect(status).toBe(2);
    expect(lines).toHaveLength(1);
    expect(errors).toMatch(/missing\.json cannot be read \(ENOENT\)/);
  });

  it('ends with 2 where no file is named', async () => {
    expect(await verify([])).toMatchObject({ status: 2, lines: [] });
  });
});
