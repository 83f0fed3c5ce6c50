import { describe, expect, it } from 'vitest';
import { CliError } from '../../command';
import { parseCount, parseDays } from '../../sizes';
import { createAddressBook } from '../networks';
import { createRandom } from '../random';
import { deviceOf, isUsedOn, versionAt } from './device';
import { momentsOf } from './moments';
import { makePlan } from './plan';
import { DAY_MS, drawTimeOfDay, HOUR_MS, weekdayFactor } from './rhythm';
import { chance, drawId, drawReference, seeded } from './seeded';

const END_MS = Date.UTC(2026, 10, 20, 15, 30);
const plan = makePlan({ seed: 4, days: 30, events: 1_000_000 }, END_MS);
const addresses = createAddressBook(undefined, createRandom(1));
const cohorts = [...new Set(plan.chunks.flat().map(({ cohort }) => cohort))];
const people = cohorts.filter(({ habit }) => habit === 'people');
const [first] = people;
if (first === undefined) throw new Error('a plan has people');

describe('sizes', () => {
  it.each([
    ['5000', 5_000],
    ['250k', 250_000],
    ['10m', 10_000_000],
    ['10M', 10_000_000],
  ])('%s is %i', (text, count) => expect(parseCount(text)).toBe(count));

  it.each(['', '0', '-1', '1.5m', '10g', 'm', '10 m', '1e6'])('"%s" is none', (text) => {
    expect(() => parseCount(text)).toThrow(CliError);
  });

  it.each([
    ['1d', 1],
    ['30d', 30],
    ['390d', 390],
  ])('%s is %i days', (text, days) => expect(parseDays(text)).toBe(days));

  it.each(['', '30', '0d', '391d', '-1d', '1h'])('"%s" is no number of days', (text) => {
    expect(() => parseDays(text)).toThrow(CliError);
  });
});

describe('what is drawn by name', () => {
  it('is the same for the same seed and name, and other for another', () => {
    expect(seeded(1, 'a').next()).toBe(seeded(1, 'a').next());
    expect(seeded(1, 'a').next()).not.toBe(seeded(2, 'a').next());
    expect(seeded(1, 'a').next()).not.toBe(seeded(1, 'b').next());
  });

  it('is spread evenly', () => {
    const drawn = Array.from({ length: 20_000 }, (_, index) => chance(1, `device ${index} used 3`));
    expect(drawn.reduce((sum, value) => sum + value, 0) / drawn.length).toBeCloseTo(0.5, 1);
    for (const tenth of [0, 3, 9]) {
      const share = drawn.filter((value) => Math.floor(value * 10) === tenth).length / drawn.length;
      expect(share).toBeGreaterThan(0.09);
      expect(share).toBeLessThan(0.11);
    }
  });

  it('makes ids of their moment, and references that can be read out', () => {
    const random = createRandom(1);
    const id = drawId(random, END_MS);
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(END_MS);
    expect(drawReference(random)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  });
});

describe('the rhythm', () => {
  it('is slow at night, and fast in the evening', () => {
    const random = createRandom(2);
    const hours = Array.from({ length: 20_000 }, () => Math.floor(drawTimeOfDay(random) / HOUR_MS));
    const at = (hour: number) => hours.filter((drawn) => drawn === hour).length;
    expect(at(19)).toBeGreaterThan(10 * at(3));
    expect(Math.max(...hours)).toBe(23);
  });

  it('rests on Sundays', () => {
    const sunday = Date.UTC(2026, 10, 22, 12);
    expect(weekdayFactor('fleet-driver', sunday)).toBeLessThan(0.5);
    expect(weekdayFactor('fleet-driver', sunday + DAY_MS)).toBe(1);
  });
});

describe('the history', () => {
  it('is the same for the same arguments', () => {
    expect(makePlan({ seed: 4, days: 30, events: 1_000_000 }, END_MS)).toEqual(plan);
  });

  it('covers each device of each cohort once a day', () => {
    for (const cohort of cohorts) {
      const slices = plan.chunks.flat().filter((slice) => slice.cohort === cohort);
      expect(
        slices.reduce((sum, { from, to }) => sum + to - from, 0),
        cohort.id,
      ).toBe(cohort.devices);
    }
  });

  it('has about as many events as were asked for', () => {
    let events = 0;
    for (const cohort of cohorts) {
      const sample = Math.min(cohort.devices, 12);
      let sampled = 0;
      for (let index = 0; index < sample; index++) {
        const device = deviceOf(plan, cohort, index, addresses);
        for (let day = 0; day < plan.dayCount; day++) {
          if (!isUsedOn(plan, device, day)) continue;
          sampled += momentsOf(plan, device, day, seeded(4, `${device.name} day ${day}`)).length;
        }
      }
      events += (sampled / sample) * cohort.devices;
    }
    expect(events / 1_000_000).toBeGreaterThan(0.9);
    expect(events / 1_000_000).toBeLessThan(1.1);
  });

  it('has nothing before a device joins, and nothing behind its end', () => {
    for (let index = 0; index < 40; index++) {
      const device = deviceOf(plan, first, index, addresses);
      for (let day = 0; day < plan.dayCount; day++) {
        const used = isUsedOn(plan, device, day);
        if (used) expect(day).toBeGreaterThanOrEqual(device.joinDay);
        for (const { atMs } of used ? momentsOf(plan, device, day, seeded(4, `x ${day}`)) : []) {
          expect(atMs).toBeLessThan(END_MS);
          expect(atMs).toBeGreaterThan(plan.startMs - DAY_MS);
        }
      }
    }
  });

  it('rolls the current version out within days, and leaves some behind', () => {
    const current = first.app.versions.at(-1);
    const shareAt = (atMs: number) => {
      const devices = Array.from({ length: 400 }, (_, index) => deviceOf(plan, first, index, addresses));
      return devices.filter((device) => versionAt(plan, device, atMs) === current).length / devices.length;
    };
    const { fromMs } = plan.incidents.misfire;
    expect(shareAt(fromMs - 1)).toBeLessThan(0.02);
    expect(shareAt(fromMs + 2 * DAY_MS)).toBeGreaterThan(0.35);
    expect(shareAt(fromMs + 8 * DAY_MS)).toBeGreaterThan(0.8);
    expect(shareAt(END_MS)).toBeLessThan(0.99);
  });

  it('keeps a farm on one network, day and night', () => {
    const farm = cohorts.find(({ habit }) => habit === 'farm');
    if (farm === undefined) throw new Error('a plan has a farm');
    const devices = Array.from({ length: 5 }, (_, index) => deviceOf(plan, farm, index, addresses));
    const prefixes = devices.flatMap((device) =>
      device.addresses.map((text) => text.split(/[.:]/, 3).join('.')),
    );
    expect(new Set(prefixes).size).toBe(1);
    const day = Math.ceil((plan.incidents.farm.fromMs - plan.startMs) / DAY_MS);
    const [device] = devices;
    const moments = device ? momentsOf(plan, device, day, createRandom(3)) : [];
    expect(new Set(moments.map(({ atMs }) => Math.floor((atMs % DAY_MS) / (6 * HOUR_MS)))).size).toBe(4);
  });
});
