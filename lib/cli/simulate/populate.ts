import type { Platform } from '@/lib/contracts';
import { DEMO_APPS, type DemoApp } from '../demo-apps';
import type { StoredDevice } from './fleet-store';
import { drawHardware } from './hardware';
import type { AddressBook } from './networks';
import { PLACES, type Place } from './places';
import type { Random } from './random';
import { SCENARIOS, type Scenario } from './scenarios';

/** Share of devices whose owners have the current version; the others are spread over the older ones. */
const UP_TO_DATE = 0.65;

/** What devices are drawn from. */
interface Draws {
  random: Random;
  addresses: AddressBook;
}

/**
 * Adds devices until there are `size`. Scenarios get their share exactly, rounded up so that each has at least one.
 */
export function populate(devices: StoredDevice[], size: number, draws: Draws): void {
  const total = SCENARIOS.reduce((sum, { weight }) => sum + weight, 0);
  const rare = SCENARIOS.slice(1);
  for (const scenario of rare) {
    const wanted = Math.ceil((scenario.weight / total) * size);
    const present = devices.filter((device) => device.scenario === scenario.id).length;
    for (let made = present; made < wanted && devices.length < size; made++)
      devices.push(draw(scenario, draws));
  }
  while (devices.length < size) devices.push(draw(SCENARIOS[0], draws));
}

function draw(scenario: Scenario, { random, addresses }: Draws): StoredDevice {
  const place = random.weighted(PLACES);
  const platform = drawPlatform(scenario, place, random);
  const [appId] = scenario.appIds ?? [random.next() < 0.7 ? DEMO_APPS[0].id : DEMO_APPS[1].id];
  const app = DEMO_APPS.find(({ id }) => id === appId) ?? DEMO_APPS[0];
  const { model, osVersion } = drawHardware(random, platform);
  return {
    scenario: scenario.id,
    appId: app.id,
    platform,
    model,
    osVersion: scenario.osVersion ?? osVersion,
    appVersion: scenario.appVersion ?? drawVersion(app, random),
    address: drawAddress(scenario, place, { random, addresses }),
    key: null,
    instanceId: null,
    counter: 0,
    enrolledAtMs: 0,
    integrityAtMs: 0,
    configVersion: 0,
  };
}

function drawVersion({ versions }: DemoApp, random: Random): string {
  const current = versions[versions.length - 1] ?? versions[0];
  return random.next() < UP_TO_DATE ? current : random.pick(versions);
}

/** A platform of the scenario, as popular as it is there. */
export function drawPlatform({ platforms }: Scenario, { ios }: Place, random: Random): Platform {
  if (platforms.length === 1) return platforms[0];
  return random.next() < ios ? 'ios' : 'android';
}

/** Where the scenario's devices come from: most from the networks of people, hostile ones from servers and exits. */
export function drawAddress({ from }: Scenario, { country }: Place, { random, addresses }: Draws): string {
  const { network } = from === undefined ? { network: 'home' } : random.weighted(from);
  if (network === 'hosting') return addresses.hosting(random);
  return network === 'anonymiser' ? addresses.anonymiser(random) : addresses.home(random, country);
}
