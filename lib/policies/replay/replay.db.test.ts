import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedApp } from '@/drizzle/testing/seed';
import { createTestDatabase, type TestDatabase } from '@/drizzle/testing/test-database';
import { type AppraisalInput, judgedIntegrity, TEMPLATES } from '@/lib/appraisal';
import { INTEGRITY, inputArbitrary, inputOf, NOW_MS, policyArbitrary } from '@/lib/appraisal/testing';
import { actorWith } from '@/lib/auth/testing/actors';
import { type Policy, policySchema, type ReplayReport, replayReportSchema } from '@/lib/contracts';
import { systemClock } from '@/lib/core';
import { explainReplay, publishPolicy, replayPolicy } from '../index';
import { recordJudged } from '../testing/events';

let db: TestDatabase;
let counter = 0;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const context = () => ({ db: db.console, actor: actorWith('admin'), clock: systemClock });
const { balanced } = TEMPLATES;

/** An app under this policy, with these attestations of the last minutes. */
async function recorded(given: Policy, inputs: readonly AppraisalInput[]) {
  // As a request brings it: what is generated may have members without a prototype.
  const policy = policySchema.parse(JSON.parse(JSON.stringify(given)));
  counter += 1;
  const id = `app-${counter}`;
  await seedApp(db.owner, id);
  await publishPolicy(context(), { appId: id, basedOn: 1, policy, reason: 'a test' });
  const nowMs = Date.now();
  const dated = inputs.map((input, index) => ({ ...input, nowMs: nowMs - 60_000 + index }));
  const events = await recordJudged(db, { appId: id, version: 2, policy }, dated);
  return { id, events };
}

async function replay(id: string, policy: Policy, span: object = { last: 'hour' }): Promise<ReplayReport[]> {
  const open = await replayPolicy(context(), { id, policy, span: span as { last: 'hour' } });
  const reports: ReplayReport[] = [];
  for await (const report of open(new AbortController().signal))
    reports.push(replayReportSchema.parse(report));
  return reports;
}

async function figuresOf(id: string, policy: Policy, span?: object) {
  const last = (await replay(id, policy, span)).at(-1);
  if (last?.kind !== 'done') throw new Error('The replay did not end.');
  return last.figures;
}

describe('a replay', () => {
  test('of a policy over what was recorded under it flips nothing, whatever both are', async () => {
    await fc.assert(
      fc.asyncProperty(
        policyArbitrary,
        fc.array(inputArbitrary, { minLength: 1, maxLength: 40 }),
        async (policy, inputs) => {
          const { id } = await recorded(policy, inputs);
          const figures = await figuresOf(id, policy);
          expect(figures).toMatchObject({
            events: inputs.length,
            skipped: 0,
            flips: { stricter: 0, milder: 0 },
          });
          const counts = await db.owner.sql<{ verdict: string; count: number }[]>`
            select verdict, count(*)::int as count from attestation_events where app_id = ${id} group by 1`;
          const said = figures.transitions.map(({ to, events }) => ({ verdict: to, count: events }));
          const order = (a: { verdict: string }, b: { verdict: string }) => (a.verdict < b.verdict ? -1 : 1);
          expect(said.sort(order)).toEqual([...counts].sort(order));
        },
      ),
      { numRuns: 12 },
    );
  });

  test('judges a Play Integrity verdict by the age that it had', async () => {
    const integrity = {
      ...{ deviceLabel: 'strong' as const, minSdkVersion: null, recognized: false, licensed: false },
      ...{ playProtect: null, refusedAppAccess: [], maxActivityLevel: null, maxAgeSeconds: 60 },
    };
    const aged = (seconds: number) =>
      inputOf(judgedIntegrity({ ...INTEGRITY, requestedAtMs: NOW_MS - seconds * 1000 }, NOW_MS));
    const { id } = await recorded(balanced, [aged(0), aged(60), aged(61), aged(7_200), inputOf()]);
    const figures = await figuresOf(id, {
      ...balanced,
      threats: { ...balanced.threats, integrity_verdict_low: 'reject' },
      requirements: { ...balanced.requirements, integrity },
    });
    expect(figures.transitions).toMatchObject([
      { from: 'trusted', to: 'trusted', events: 2 },
      { from: 'trusted', to: 'rejected', events: 3 },
    ]);
  });

  test('tells how many flip, where, and shows some that Explain opens under both policies', async () => {
    const hooked = { runtimeThreats: ['hooks'] };
    const client = { ...inputOf().client, osVersion: '15', model: 'odd \u001e\u001f| model', country: null };
    const { id, events } = await recorded(balanced, [
      ...Array.from({ length: 30 }, () => inputOf()),
      ...Array.from({ length: 6 }, () => inputOf(hooked)),
      inputOf({ ...hooked, client }),
      inputOf({ runtimeThreats: ['debugger'] }),
      inputOf({ runtimeThreats: ['unofficial_store'], client }),
    ]);
    const draft = {
      ...balanced,
      threats: { ...balanced.threats, hooks: 'flag', unofficial_store: 'reject' },
    } as Policy;
    const figures = await figuresOf(id, draft);
    expect(figures).toMatchObject({ events: 39, flips: { stricter: 1, milder: 7 } });
    expect(figures.by.threat).toEqual([
      { value: 'hooks', events: 7, stricter: 0, milder: 7 },
      { value: 'unofficial_store', events: 1, stricter: 1, milder: 0 },
      { value: 'debugger', events: 1, stricter: 0, milder: 0 },
    ]);
    expect(figures.by.osVersion).toEqual([
      { value: '16', events: 37, stricter: 0, milder: 6 },
      { value: '15', events: 2, stricter: 1, milder: 1 },
    ]);
    const milder = figures.transitions.find(({ from, to }) => from === 'rejected' && to === 'flagged');
    expect(milder).toMatchObject({ events: 7 });
    expect(milder?.samples).toHaveLength(5);
    const [sample] = milder?.samples ?? [];
    expect(sample).toMatchObject({
      fromRule: 'threat.hooks',
      reference: events[36]?.reference,
      model: 'odd | model',
    });
    const both = await explainReplay(context(), { id, eventId: sample?.eventId ?? '', policy: draft });
    expect(both).toMatchObject({
      reference: sample?.reference,
      before: { verdict: 'rejected', decidingRule: 'threat.hooks' },
      after: { verdict: 'flagged', decidingRule: 'threat.hooks' },
    });
  });

  test('reads as much as was asked for, newest first, and no attestation of another app', async () => {
    const other = await recorded(balanced, [inputOf({ runtimeThreats: ['hooks'] })]);
    const { id } = await recorded(balanced, [inputOf({ runtimeThreats: ['hooks'] }), inputOf(), inputOf()]);
    const lenient = { ...balanced, threats: { ...balanced.threats, hooks: 'ignore' } } as Policy;
    expect(await figuresOf(id, lenient, { events: 2 })).toMatchObject({ events: 2, flips: { milder: 0 } });
    expect(await figuresOf(id, lenient, { events: 5 })).toMatchObject({ events: 3, flips: { milder: 1 } });
    const foreign = { id: other.id, eventId: (await recorded(balanced, [inputOf()])).events[0]?.id ?? '' };
    await expect(explainReplay(context(), { ...foreign, policy: lenient })).rejects.toMatchObject({
      code: 'event_not_found',
    });
  });

  test('says which rule of the draft failed, and skips what was recorded without facts', async () => {
    const { id } = await recorded(balanced, [inputOf(), inputOf()]);
    await db.owner.sql`update attestation_events set facts = null
      where id = (select id from attestation_events where app_id = ${id} limit 1)`;
    const rules = [
      { id: 'r', title: 'Wrong', expression: '1 / size(threats) > 0', response: 'reject' as const },
    ];
    expect(await figuresOf(id, { ...balanced, schema: 2, rules })).toMatchObject({
      ...{ events: 1, skipped: 1, flips: { stricter: 1, milder: 0 } },
      failedRules: [{ rule: 'rule.r', events: 1 }],
    });
  });

  test('ends where its reader leaves, and lets others begin', async () => {
    const { id } = await recorded(balanced, [inputOf()]);
    for (let i = 0; i < 5; i++) {
      const open = await replayPolicy(context(), { id, policy: balanced, span: { last: 'week' } });
      const cancelled = new AbortController();
      const reports = open(cancelled.signal);
      const first = reports.next();
      cancelled.abort(new Error('left'));
      await expect(first).rejects.toThrow();
      await reports.return(undefined);
    }
    expect(await figuresOf(id, balanced)).toMatchObject({ events: 1 });
  });

  test('is refused to whoever may not see the app, and with a rule that cannot be used', async () => {
    const { id } = await recorded(balanced, [inputOf()]);
    const request = { id, policy: balanced, span: { last: 'hour' as const } };
    const stranger = { ...context(), actor: actorWith('admin', 'another') };
    await expect(replayPolicy(stranger, request)).rejects.toMatchObject({ code: 'permission_denied' });
    const rules = [{ id: 'r', title: 'Wrong', expression: 'nope', response: 'reject' as const }];
    const broken = { ...request, policy: { ...balanced, schema: 2 as const, rules } };
    await expect(replayPolicy(context(), broken)).rejects.toMatchObject({ code: 'policy_rule_invalid' });
  });
});
