import {
  type AppraisalInput,
  type ClientFacts,
  type CompiledPolicy,
  decodeFacts,
  type Judgement,
  judge,
} from '@/lib/appraisal';
import {
  type Platform,
  type ReplayFigures,
  type ReplaySample,
  VERDICTS,
  type Verdict,
} from '@/lib/contracts';
import { NO_DEVICE, REPLAY_ROW } from '@/lib/telemetry/queries';
import { DistinctCounter, hashOf } from './distinct';
import { type FacetCounter, FacetTally, ownText } from './facet-tally';

type Mutable<Value> = { -readonly [Member in keyof Value]: Value[Member] };

/** Facts that recur, as an input that is filled in for each attestation in turn. */
interface Facts {
  readonly input: Mutable<Omit<AppraisalInput, 'client'>> & { readonly client: Mutable<ClientFacts> };
  /** The counters of its OS version, app version and country, filled in likewise. */
  readonly counters: FacetCounter[];
}

const PART = '\u001f';

/** Distinct facts that are remembered: there are few hundreds, unless somebody makes them up. */
const MOST_FACTS = 20_000;
const MOST_SAMPLES = 5;
const RANK: Readonly<Record<Verdict, number>> = { trusted: 0, flagged: 1, restricted: 2, rejected: 3 };

interface Transition {
  events: number;
  readonly samples: ReplaySample[];
}

/** Judges recorded attestations under two policies and counts what differs. Memory does not grow with their number. */
export class Replay {
  readonly #before: CompiledPolicy;
  readonly #after: CompiledPolicy;
  #facts = new Map<string, Facts | null>();
  readonly #appVersion = new FacetTally();
  readonly #osVersion = new FacetTally();
  readonly #country = new FacetTally();
  readonly #threat = new FacetTally();
  readonly #transitions: readonly Transition[] = Array.from({ length: 16 }, () => ({
    events: 0,
    samples: [],
  }));
  readonly #devices = {
    all: new DistinctCounter(),
    stricter: new DistinctCounter(),
    milder: new DistinctCounter(),
  };
  readonly #failedRules = new Map<string, number>();
  #skipped = 0;
  newestMs: number | null = null;
  oldestMs: number | null = null;

  constructor(before: CompiledPolicy, after: CompiledPolicy) {
    this.#before = before;
    this.#after = after;
  }

  /** Judges every row of a page, as `readReplayPages` gives it. */
  addPage(text: string): void {
    for (let start = 0; start < text.length; ) {
      const next = text.indexOf('\u001e', start);
      const end = next === -1 ? text.length : next;
      this.#addRow(text, start, end);
      start = end + 1;
    }
  }

  #addRow(text: string, start: number, end: number): void {
    const ms = milliseconds(text, start + REPLAY_ROW.receivedAtMs);
    if (this.newestMs === null || ms > this.newestMs) this.newestMs = ms;
    if (this.oldestMs === null || ms < this.oldestMs) this.oldestMs = ms;
    const platformAt = start + REPLAY_ROW.rest + 1;
    const osAt = text.indexOf(PART, platformAt) + 1;
    const appAt = text.indexOf(PART, osAt) + 1;
    const modelAt = text.indexOf(PART, appAt) + 1;
    const countryAt = text.indexOf(PART, modelAt) + 1;
    const networkAt = text.indexOf(PART, countryAt) + 1;
    const factsAt = text.indexOf(PART, networkAt) + 1;
    // The ages are what comes after the last bar; all before it recurs. It is looked for in this row alone: in the page, a row
    // without one would have all rows before it searched.
    const recorded = text.slice(factsAt, end);
    const bar = recorded.lastIndexOf('|');
    const facts = bar === -1 ? null : this.#factsOf(recorded.slice(0, bar));
    if (facts === null) {
      this.#skipped += 1;
      return;
    }
    const os = this.#osVersion.of(text.slice(osAt, appAt - 1));
    const app = this.#appVersion.of(text.slice(appAt, modelAt - 1));
    const country = this.#country.of(text.slice(countryAt, networkAt - 1));
    const { input } = facts;
    const { client } = input;
    // Written by the service itself, from the three values that there are.
    client.platform = text.slice(platformAt, osAt - 1) as Platform | 'unknown';
    client.osVersion = os.value;
    client.appVersion = app.value;
    client.model = text.slice(modelAt, countryAt - 1);
    client.country = country.value === '' ? null : country.value;
    client.networkKind = text.slice(networkAt, factsAt - 1);
    input.nowMs = ms;
    setAges(input, recorded.slice(bar + 1));
    const counters = facts.counters;
    counters[0] = os.counter;
    counters[1] = app.counter;
    counters[2] = country.counter;
    this.#count(judge(this.#before, input), judge(this.#after, input), counters, text, start, input);
  }

  #count(
    before: Judgement,
    after: Judgement,
    counters: readonly FacetCounter[],
    text: string,
    start: number,
    input: AppraisalInput,
  ): void {
    const [from, to] = [RANK[before.verdict], RANK[after.verdict]];
    const transition = this.#transitions[from * VERDICTS.length + to];
    if (transition === undefined) throw new RangeError('There is no such verdict.');
    transition.events += 1;
    for (const counter of counters) counter.events += 1;
    const device = hashOf(text, start + DEVICE_AT, start + REPLAY_ROW.receivedAtMs);
    const isDevice = text.charCodeAt(start + REPLAY_ROW.instanceId) !== DASH;
    if (isDevice) this.#devices.all.add(device);
    if (after.worst?.match.threat === 'policy_rule_failed') this.#countFailure(after.worst.match.rule);
    if (from === 0 && to === 0) return;
    const worse = (to >= from ? after : before).worst;
    const threat = this.#threat.of(worse?.match.threat ?? '').counter;
    threat.events += 1;
    if (from === to) return;
    const direction = to > from ? 'stricter' : 'milder';
    for (const counter of counters) counter[direction] += 1;
    threat[direction] += 1;
    if (isDevice) this.#devices[direction].add(device);
    if (transition.samples.length < MOST_SAMPLES)
      transition.samples.push(sampleOf({ text, start, input }, before, after));
  }

  #countFailure(rule: string): void {
    this.#failedRules.set(rule, (this.#failedRules.get(rule) ?? 0) + 1);
  }

  #factsOf(recurring: string): Facts | null {
    const known = this.#facts.get(recurring);
    if (known !== undefined) return known;
    if (this.#facts.size >= MOST_FACTS) this.#facts = new Map();
    const own = ownText(recurring);
    const decoded = decodeFacts(own);
    const client = {
      platform: 'unknown' as const,
      osVersion: '',
      appVersion: '',
      model: '',
      country: null,
      networkKind: '',
    };
    const facts = decoded && { counters: [], input: { ...decoded, client, evidenceAgeSeconds: 0, nowMs: 0 } };
    this.#facts.set(own, facts);
    return facts;
  }

  /** What was counted so far. */
  figures(): ReplayFigures {
    const flips = { stricter: 0, milder: 0 };
    let events = 0;
    const transitions: ReplayFigures['transitions'] = [];
    for (const [index, transition] of this.#transitions.entries()) {
      const [from, to] = [Math.floor(index / VERDICTS.length), index % VERDICTS.length];
      events += transition.events;
      if (to > from) flips.stricter += transition.events;
      if (to < from) flips.milder += transition.events;
      if (transition.events === 0) continue;
      const names = { from: VERDICTS[from] ?? 'rejected', to: VERDICTS[to] ?? 'rejected' };
      transitions.push({ ...names, events: transition.events, samples: [...transition.samples] });
    }
    const { all, stricter, milder } = this.#devices;
    return {
      ...{ events, skipped: this.#skipped, flips, transitions },
      devices: { stricter: stricter.count, milder: milder.count },
      allDevices: all.count,
      by: {
        appVersion: this.#appVersion.shown(),
        osVersion: this.#osVersion.shown(),
        country: this.#country.shown(),
        threat: this.#threat.shown(),
      },
      failedRules: Array.from(this.#failedRules, ([rule, count]) => ({ rule, events: count })),
    };
  }
}

const DASH = NO_DEVICE.charCodeAt(0);
/** From here on an instance's id has 88 bits of a hash; a third less to read for each attestation. */
const DEVICE_AT = REPLAY_ROW.instanceId + 14;

/** A whole number of decimal digits; NaN where there is anything else. */
function number(text: string, from: number, to: number): number {
  let value = from === to ? Number.NaN : 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  return value;
}

/** The age of the evidence and, where there is a verdict of Play Integrity, its own after a colon. */
function setAges(input: Facts['input'], ages: string): void {
  const colon = input.integrity === undefined ? -1 : ages.indexOf(':');
  const hasBoth = colon !== -1;
  input.evidenceAgeSeconds = number(ages, 0, hasBoth ? colon : ages.length);
  if (input.integrity !== undefined)
    input.integrityAgeSeconds = hasBoth ? number(ages, colon + 1, ages.length) : Number.NaN;
}

function milliseconds(text: string, from: number): number {
  return number(text, from, from + 13);
}

function sampleOf(
  { text, start, input }: { text: string; start: number; input: AppraisalInput },
  before: Judgement,
  after: Judgement,
): ReplaySample {
  const { platform, model, osVersion, appVersion } = input.client;
  const ruleOf = ({ verdict, worst }: Judgement) =>
    verdict === 'trusted' ? null : (worst?.match.rule ?? null);
  return {
    eventId: ownText(text.slice(start, start + REPLAY_ROW.instanceId)),
    reference: ownText(text.slice(start + REPLAY_ROW.reference, start + REPLAY_ROW.rest).trim()),
    receivedAt: new Date(input.nowMs).toISOString(),
    ...{ platform: ownText(platform), model: ownText(model), osVersion, appVersion },
    ...{ from: before.verdict, to: after.verdict, fromRule: ruleOf(before), toRule: ruleOf(after) },
  };
}
