import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { platformSchema } from '@/lib/contracts';
import {
  createPlayIssuer,
  createTestCa,
  loadPlayIssuer,
  loadTestCa,
  type PlayIssuer,
  type TestCa,
} from '@/lib/evidence/testing';
import { readIfPresent, replaceFile } from '../supervisor';

/** How long after the fleet's first start the bad release begins to fail. */
const BAD_RELEASE_AFTER_MS = 90_000;
/** What was asserted after the last save is skipped, so that a counter never goes back. */
const COUNTER_MARGIN = 1_000;

/** A simulated phone, as it is kept between runs. */
const deviceSchema = z.object({
  scenario: z.string(),
  appId: z.string(),
  platform: platformSchema,
  model: z.string(),
  osVersion: z.string(),
  appVersion: z.string(),
  address: z.string(),
  /** PKCS #8 in base64url; `null` before the first enrolment. */
  key: z.string().nullable(),
  instanceId: z.string().nullable(),
  counter: z.number().int(),
  enrolledAtMs: z.number(),
  /** When it presented a Play Integrity verdict last. */
  integrityAtMs: z.number().default(0),
  /** Version of the signed configuration that it holds. */
  configVersion: z.number().int().default(0),
  /** Pins of that configuration, by host; absent in fleets that are older than them. */
  pins: z.array(z.object({ host: z.string(), spkiSha256: z.array(z.string()) })).optional(),
});
export type StoredDevice = z.infer<typeof deviceSchema>;

const fleetSchema = z.object({
  schema: z.literal(1),
  badReleaseAtMs: z.number(),
  ca: z.object({ name: z.string(), certificatePem: z.string(), privateKeyPem: z.string() }),
  /** Absent in fleets that are older than it. */
  play: z.object({ decryptionKey: z.string(), signingKeyPem: z.string() }).optional(),
  devices: z.array(deviceSchema),
});

/** The simulated fleet with the CA that stands for its vendors. */
export interface Fleet {
  ca: TestCa;
  /** Stands for Google Play. */
  play: PlayIssuer;
  badReleaseAtMs: number;
  devices: StoredDevice[];
}

const fileIn = (directory: string) => path.join(directory, 'fleet.json');

/** The fleet that is kept in a directory, if there is one. */
export async function loadFleet(directory: string): Promise<Fleet | undefined> {
  const content = await readIfPresent(fileIn(directory));
  if (content === undefined) return undefined;
  const { ca, play, badReleaseAtMs, devices } = fleetSchema.parse(JSON.parse(content));
  for (const device of devices) {
    device.counter += COUNTER_MARGIN;
    // It is sent the configuration once more, and keeps the pins this time.
    if (device.pins === undefined) device.configVersion = 0;
  }
  const fleet: Fleet = {
    ca: loadTestCa(ca),
    play: play === undefined ? createPlayIssuer() : loadPlayIssuer(play),
    badReleaseAtMs,
    devices,
  };
  // Its keys are registered with the apps: they have to be the same ones from now on.
  if (play === undefined) await saveFleet(directory, fleet);
  return fleet;
}

/** Makes a fleet without devices, and keeps it. */
export async function createFleet(directory: string, nowMs: number): Promise<Fleet> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const fleet: Fleet = {
    ca: createTestCa(nowMs, 'demo-fleet-ca'),
    play: createPlayIssuer(),
    badReleaseAtMs: nowMs + BAD_RELEASE_AFTER_MS,
    devices: [],
  };
  await saveFleet(directory, fleet);
  return fleet;
}

/** Replaces what is kept. The file holds private keys, and is private. */
export async function saveFleet(
  directory: string,
  { ca, play, badReleaseAtMs, devices }: Fleet,
): Promise<void> {
  const kept = { schema: 1, badReleaseAtMs, ca: ca.toJSON(), play: play.toJSON(), devices };
  await replaceFile(fileIn(directory), JSON.stringify(kept));
}
