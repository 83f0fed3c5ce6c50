import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSet } from '@/lib/enrichment';
import { ApiTraffic, enrolAsScript } from './api-traffic';
import { type Fleet, saveFleet } from './fleet-store';
import { type AddressBook, createAddressBook } from './networks';
import { PinnedServer } from './pinned-server';
import { populate } from './populate';
import { createRandom, type Random } from './random';
import { rateAt } from './rate';
import { ServiceAwayError, ServiceClient } from './service-client';
import { SimulatedDevice } from './simulated-device';
import { createTally } from './tally';
import type { DemoServer } from './tls-server';

/** How to run the fleet. */
export interface FleetOptions {
  fleet: Fleet;
  /** Where the fleet is kept. */
  directory: string;
  serviceUrl: string;
  /** Where addresses are drawn from; absent: from ranges that are nobody's. */
  dataSet?: DataSet | undefined;
  /** The server that phones hold pins for; absent: none runs. */
  server?: Pick<DemoServer, 'port' | 'interceptorPort'> | undefined;
  /** Attestations per second, on average over a day. */
  rate: number;
  /** Number of devices. */
  size: number;
  seed: number;
  stop: AbortSignal;
  /** Receives a line every few seconds. */
  say: (line: string) => void;
}

const TICK_MS = 100;
const REPORT_MS = 5_000;
const SAVE_MS = 5_000;
const THEFT_MS = 4_000;
const MAX_IN_FLIGHT = 48;
const MAX_AWAY_MS = 5_000;
/** Share of attestation attempts that come from scripts, and their requests per attestation. */
const SCRIPTED_ENROLMENTS = 0.03;
const SCRIPTED_REQUESTS = 0.25;
/** Share of attestations after which the app is reinstalled. */
const REINSTALLS = 0.002;
/** A device calls its API this often after it got a token, within this time. */
const CALLS_PER_TOKEN = 2;
const CALLS_WITHIN_MS = 20_000;
/** Share of tokens after which the phone opens a new connection to its API's server: a handshake costs both sides some work. */
const CONNECTIONS_PER_TOKEN = 0.25;
/** Draws the network on which somebody intercepts: the same one in every run. */
const HOTSPOT_SEED = 11;
const HOTSPOT_COUNTRY = 'DE';

/**
 * Runs the fleet until it is stopped. It waits, with growing pauses, while the service is away, and keeps its devices on
 * disk, so that the next run goes on with them.
 */
export async function runFleet(options: FleetOptions): Promise<void> {
  const runner = new FleetRunner(options);
  try {
    await runner.run();
  } finally {
    await saveFleet(options.directory, options.fleet);
  }
}

interface Call {
  dueMs: number;
  run: () => Promise<void>;
}

class FleetRunner {
  readonly #options: FleetOptions;
  readonly #random: Random;
  readonly #addresses: AddressBook;
  readonly #client: ServiceClient;
  readonly #traffic: ApiTraffic;
  readonly #server: PinnedServer | undefined;
  readonly #tally = createTally();
  readonly #devices: SimulatedDevice[];
  readonly #seeds: number;
  #calls: Call[] = [];
  #started = 0;
  #inFlight = 0;
  #awayMs = 0;
  #awayUntilMs = 0;

  constructor(options: FleetOptions) {
    const { fleet, seed, size, serviceUrl, stop } = options;
    this.#options = options;
    this.#random = createRandom(seed);
    this.#client = new ServiceClient(serviceUrl, stop);
    this.#addresses = createAddressBook(options.dataSet, this.#random);
    this.#traffic = new ApiTraffic(this.#client, this.#random, this.#addresses);
    this.#server = options.server && this.#pinnedServer(options.server);
    populate(fleet.devices, size, { random: this.#random, addresses: this.#addresses });
    const devices = fleet.devices.slice(0, size).map((stored) => new SimulatedDevice(stored, fleet));
    // New devices come first, in no particular order.
    const shuffled = devices.map((device) => ({
      device,
      place: this.#random.next() + (device.isEnrolled ? 1 : 0),
    }));
    this.#devices = shuffled.sort((a, b) => a.place - b.place).map(({ device }) => device);
    this.#seeds = devices.every(({ isEnrolled }) => !isEnrolled) ? devices.length : 0;
  }

  async run(): Promise<void> {
    const { stop, say, directory, fleet } = this.#options;
    let reportAtMs = Date.now() + REPORT_MS;
    let saveAtMs = Date.now() + SAVE_MS;
    let theftAtMs = Date.now() + THEFT_MS;
    while (!stop.aborted) {
      const nowMs = Date.now();
      if (nowMs >= this.#awayUntilMs) this.#tick(nowMs);
      if (nowMs >= theftAtMs) {
        theftAtMs = nowMs + THEFT_MS;
        this.#steal();
      }
      if (nowMs >= reportAtMs) {
        reportAtMs = nowMs + REPORT_MS;
        say(this.#tally.takeLine());
      }
      if (nowMs >= saveAtMs) {
        saveAtMs = nowMs + SAVE_MS;
        await saveFleet(directory, fleet);
      }
      await sleep(TICK_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  #tick(nowMs: number): void {
    const perTick = (rateAt(this.#options.rate, nowMs, this.#started < this.#seeds) * TICK_MS) / 1000;
    for (let left = this.#random.arrivals(perTick); left > 0; left--) this.#attestOne();
    for (let left = this.#random.arrivals(perTick * SCRIPTED_REQUESTS); left > 0; left--) {
      this.#launch(() => this.#callApi(() => this.#traffic.asScript()));
    }
    const due = this.#calls.filter(({ dueMs }) => dueMs <= nowMs);
    this.#calls = this.#calls.filter(({ dueMs }) => dueMs > nowMs);
    for (const { run } of due) this.#launch(run);
  }

  #attestOne(): void {
    if (this.#random.next() < SCRIPTED_ENROLMENTS) {
      this.#launch(async () =>
        this.#tally.count(await enrolAsScript(this.#client, this.#random, this.#addresses)),
      );
      return;
    }
    const device = this.#devices[this.#started % this.#devices.length];
    if (!device || this.#inFlight >= MAX_IN_FLIGHT) return;
    this.#started += 1;
    this.#launch(() => this.#obtainToken(device));
  }

  async #obtainToken(device: SimulatedDevice): Promise<void> {
    if (this.#random.next() < REINSTALLS) device.stored.instanceId = null;
    this.#tally.count(await device.obtainToken(this.#client, Date.now()));
    if (device.token === null) return;
    for (let made = 0; made < CALLS_PER_TOKEN; made++) {
      this.#callLater(() => this.#callApi(() => this.#traffic.asDevice(device)));
    }
    const server = this.#server;
    if (server === undefined || this.#random.next() >= CONNECTIONS_PER_TOKEN) return;
    this.#callLater(async () => {
      const outcome = await server.reach(device);
      if (outcome !== 'connected') this.#tally.count(outcome);
    });
  }

  #callLater(run: Call['run']): void {
    this.#calls.push({ dueMs: Date.now() + this.#random.integer(CALLS_WITHIN_MS), run });
  }

  #pinnedServer(server: NonNullable<FleetOptions['server']>): PinnedServer {
    const draw = createRandom(HOTSPOT_SEED);
    let address = '';
    // Of the two families that homes have, the one that is written with points.
    while (!address.includes('.')) address = this.#addresses.home(draw, HOTSPOT_COUNTRY);
    const hotspot = address.slice(0, address.lastIndexOf('.'));
    return new PinnedServer({ server, client: this.#client, random: this.#random, hotspot });
  }

  #steal(): void {
    const victim = this.#devices.find(
      ({ scenario, token }) => scenario.tokenStolen === true && token !== null,
    );
    if (victim) this.#launch(() => this.#callApi(() => this.#traffic.asThief(victim)));
  }

  async #callApi(call: () => Promise<boolean>): Promise<void> {
    this.#tally.count((await call()) ? 'allowed' : 'refused');
  }

  /** Runs one attempt beside the others; what goes wrong with it is counted, and never ends the fleet. */
  #launch(attempt: () => Promise<void>): void {
    if (this.#inFlight >= MAX_IN_FLIGHT) return;
    this.#inFlight += 1;
    attempt()
      .then(
        () => {
          this.#awayMs = 0;
        },
        (error: unknown) => this.#onFailure(error),
      )
      .finally(() => {
        this.#inFlight -= 1;
      });
  }

  #onFailure(error: unknown): void {
    if (this.#options.stop.aborted) return;
    if (!(error instanceof ServiceAwayError)) {
      this.#tally.count('failed');
      return;
    }
    this.#tally.count('unanswered');
    if (Date.now() < this.#awayUntilMs) return;
    this.#awayMs = Math.min(Math.max(this.#awayMs * 2, 250), MAX_AWAY_MS);
    this.#awayUntilMs = Date.now() + this.#awayMs;
  }
}
