import { DEMO_APPS, type DemoApp } from '../demo-apps';
import type { StoredDevice } from './fleet-store';
import { drawHardware } from './hardware';
import { drawHomeAddress } from './networks';
import type { Random } from './random';
import { SCENARIOS, type Scenario } from './scenarios';

/** Share of devices whose owners have the current version; the others are spread over the older ones. */
const UP_TO_DATE = 0.65;

/**
 * Adds devices until there are `size`. Scenarios get their share exactly, rounded up so that each has at least one.
 */
export function populate(devices: StoredDevice[], size: number, random: Random): void {
  const total = SCENARIOS.reduce((sum, { weight }) => sum + weight, 0);
  const rare = SCENARIOS.slice(1);
  for (const scenario of rare) {
    const wanted = Math.ceil((scenario.weight / total) * size);
    const present = devices.filter((device) => device.scenario === scenario.id).length;
    for (let made = present; made < wanted && devices.length < size; made++)
      devices.push(draw(scenario, random));
  }
  while (devices.length < size) devices.push(draw(SCENARIOS[0], random));
}

function draw(scenario: Scenario, random: Random): StoredDevice {
  const platform = random.pick(scenario.platforms);
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
    address: drawHomeAddress(random),
    key: null,
    instanceId: null,
    counter: 0,
    enrolledAtMs: 0,
  };
}

function drawVersion({ versions }: DemoApp, random: Random): string {
  const current = versions[versions.length - 1] ?? versions[0];
  return random.next() < UP_TO_DATE ? current : random.pick(versions);
}
