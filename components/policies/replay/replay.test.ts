import { describe, expect, test } from 'vitest';
import type { ReplayFigures, ReplayReport } from '@/lib/contracts';
import { devicesText, isEstimated, prepareFacet } from './prepare-replay';
import { LineReader, readReports } from './read-reports';

const FIGURES: ReplayFigures = {
  ...{ events: 10, skipped: 2, flips: { stricter: 3, milder: 1 }, devices: { stricter: 2, milder: 1 } },
  ...{ allDevices: 6, transitions: [], failedRules: [] },
  by: {
    ...{ appVersion: [], osVersion: [], threat: [] },
    country: [
      { value: 'FR', events: 6, stricter: 3, milder: 0 },
      { value: '', events: 2, stricter: 0, milder: 1 },
      { value: 'DE', events: 1, stricter: 0, milder: 0 },
      { value: null, events: 1, stricter: 1, milder: 0 },
    ],
  },
};
const DONE = {
  ...{ kind: 'done', share: 1, against: 1, figures: FIGURES, elapsedMs: 4 },
  ...{ oldestAt: '2026-08-01T00:00:00.000Z', newestAt: '2026-08-02T00:00:00.000Z' },
} satisfies ReplayReport;

const answer = (...chunks: string[]) => new Response(new Blob(chunks).stream());
async function kindsOf(response: Response): Promise<string[]> {
  const kinds: string[] = [];
  for await (const { kind } of readReports(response)) kinds.push(kind);
  return kinds;
}

describe('the reports of a replay', () => {
  test('are read line by line, wherever the network cuts them', () => {
    const [reader, encoder] = [new LineReader(), new TextEncoder()];
    const bytes = encoder.encode('{"a":"é"}\n{"b":1}\n');
    expect(reader.add(bytes.slice(0, 7))).toEqual([]);
    expect([...reader.add(bytes.slice(7, 12)), ...reader.add(bytes.slice(12))]).toEqual([
      '{"a":"é"}',
      '{"b":1}',
    ]);
  });

  test('end with the one that says so', async () => {
    const line = (report: unknown) => `${JSON.stringify(report)}\n`;
    expect(await kindsOf(answer(line({ ...DONE, kind: 'progress' }), line(DONE)))).toEqual([
      'progress',
      'done',
    ]);
    await expect(kindsOf(answer(line({ ...DONE, kind: 'progress' })))).rejects.toMatchObject({
      code: 'answer_malformed',
    });
    await expect(
      kindsOf(answer(line({ kind: 'failed', code: 'service_unavailable' }))),
    ).rejects.toMatchObject({
      code: 'service_unavailable',
    });
  });

  test('of a refusal are its problem', async () => {
    const problem = { code: 'rate_limited', title: 'Too many.', requestId: 'r-1' };
    const refusal = new Response(JSON.stringify(problem), { status: 429 });
    await expect(kindsOf(refusal)).rejects.toMatchObject({ code: 'rate_limited', requestId: 'r-1' });
  });
});

describe('the figures of a replay', () => {
  test('say which numbers of devices are estimates', () => {
    expect(devicesText(16_384)).toBe('16,384');
    expect(devicesText(16_500)).toBe('about 16,500');
    expect(isEstimated(FIGURES)).toBe(false);
    expect(isEstimated({ ...FIGURES, allDevices: 20_000 })).toBe(true);
  });

  test('show the values that flip, with the attestations behind each', () => {
    const rows = prepareFacet('bank', DONE, 'country', (value) => `in ${value}`);
    expect(rows.map(({ label }) => label)).toEqual(['in FR', 'unknown', 'all others']);
    expect(rows[0]?.href).toBe(
      '/attestations?from=2026-08-01T00%3A00%3A00.000Z&to=2026-08-02T00%3A00%3A00.001Z&app=bank&country=FR',
    );
    expect(rows[2]?.href).toBeNull();
  });
});
