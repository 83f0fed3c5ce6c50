import { type Env, readEnv } from '@/lib/core';
import { loadDataSet } from '@/lib/enrichment';
import { CliError, type Command, type Installation, type OptionValues, textOption } from '../command';
import { parseDuration } from '../duration';
import { loadFleet, openDemoServer, runFleet } from '../simulate';
import { parseCount, parseDays } from '../sizes';
import { listenForStop, localUrl, makeDataDirectory } from '../supervisor';

const DEFAULT_RATE = 9;
const DEFAULT_DEVICES = 400;
const DEFAULT_EVENTS = 250_000;
const BACKFILL_SEED = 1;

export const simulateCommand: Command = {
  usage:
    '[--rate N] [--devices N] [--duration 15m] [--seed N] | --backfill 30d --events 10m [--seed N] [--yes] | --switch-key',
  help: [
    `--rate      attestations per second, on average over a day (${DEFAULT_RATE})`,
    `--devices   size of the fleet (${DEFAULT_DEVICES}); those of earlier runs come first`,
    '--duration  stop after this time, e.g. 90s, 15m, 2h (until Ctrl-C)',
    '--seed      makes the draw of the devices and their order reproducible',
    '',
    '--backfill  instead writes the history of so many days into the database, running or stopped, and ends',
    `--events    about how many attestations, e.g. 250k or 10m (${DEFAULT_EVENTS / 1_000}k)`,
    '--yes       also where the database has apps that are not the demo',
    '',
    '--switch-key  instead has the demo’s TLS server present the other of its two keys, as step 3 of a pin rotation',
    '              asks for, and ends; once more goes back',
    '',
    'A backfill goes through the write path of the service. Ctrl-C stops it between two batches, and the same command',
    'goes on from there; another --seed writes another history beside the first.',
    '',
    'The fleet and the CA that signs its evidence are in the data directory; countersign demo makes them.',
  ],
  options: {
    rate: { type: 'string' },
    devices: { type: 'string' },
    duration: { type: 'string' },
    seed: { type: 'string' },
    backfill: { type: 'string' },
    events: { type: 'string' },
    yes: { type: 'boolean' },
    'switch-key': { type: 'boolean' },
  },
  acceptsPositionals: false,
  run: async ({ installation, options }) => {
    const env = readEnv();
    if (options['switch-key'] === true) return switchKey(env);
    if (textOption(options, 'backfill') !== undefined) return backfillAsAsked(env, installation, options);
    refuseWithout('backfill', ['events', 'yes'], options);
    const layout = await makeDataDirectory(env.dataDir);
    const fleet = await loadFleet(layout.fleet);
    if (!fleet)
      throw new CliError(`There is no simulated fleet in ${layout.path}. Run countersign demo once.`);
    const duration = textOption(options, 'duration');
    const stop = listenForStop(() => process.exit(1));
    const signals = [
      stop.signal,
      ...(duration === undefined ? [] : [AbortSignal.timeout(parseDuration(duration))]),
    ];
    const orphaned = new AbortController();
    process.once('disconnect', () => orphaned.abort());
    const say = (line: string) => console.log(`  fleet  ${line}`);
    const server = await startServers(layout.fleet, say);
    await runFleet({
      fleet,
      directory: layout.fleet,
      serviceUrl: localUrl(env, env.servicePort),
      server: server?.places,
      dataSet: await loadDataSet().catch(() => undefined),
      rate: numberOption(options, 'rate', DEFAULT_RATE, 0.1, 2_000),
      size: numberOption(options, 'devices', DEFAULT_DEVICES, 20, 100_000),
      seed: numberOption(options, 'seed', Date.now() % 2 ** 32, 0, 2 ** 32),
      stop: AbortSignal.any([...signals, orphaned.signal]),
      say,
    });
    await server?.close();
    stop.release();
    if (process.connected) process.disconnect();
    return 0;
  },
};

/**
 * The server that the devices' pins are for, and the one of whoever intercepts on one network. Another simulation may be
 * running them already.
 */
async function startServers(directory: string, say: (line: string) => void) {
  try {
    const places = await openDemoServer(directory);
    const started = await Promise.all([places.start(Date.now()), places.startInterceptor(Date.now())]);
    const close = () => Promise.all(started.map((server) => server.close()));
    return { places, close };
  } catch (error) {
    say(`its TLS server does not run: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

/** Has the demo's server present the other of its two keys, as an operator would after a rotation was called safe. */
async function switchKey(env: Env): Promise<number> {
  const layout = await makeDataDirectory(env.dataDir);
  if (!(await loadFleet(layout.fleet)))
    throw new CliError(`There is no simulated fleet in ${layout.path}. Run countersign demo once.`);
  const pin = await (await openDemoServer(layout.fleet)).switchKey();
  console.log(`The demo's TLS server presents, within two seconds, the key with the pin ${pin}.`);
  return 0;
}

async function backfillAsAsked(env: Env, installation: Installation, options: OptionValues): Promise<number> {
  const live = ['rate', 'devices', 'duration'].find((name) => options[name] !== undefined);
  if (live !== undefined) throw new CliError(`--${live} does not go with --backfill.`, 2);
  const events = textOption(options, 'events');
  // The live fleet has no use for the service's code.
  const { backfill } = await import('./simulate-backfill');
  return backfill(env, installation, {
    arguments: {
      days: parseDays(textOption(options, 'backfill') ?? ''),
      events: events === undefined ? DEFAULT_EVENTS : parseCount(events),
      seed: Math.floor(numberOption(options, 'seed', BACKFILL_SEED, 0, 2 ** 32)),
    },
    isAgreed: options.yes === true,
  });
}

function refuseWithout(needed: string, names: readonly string[], options: OptionValues): void {
  const alone = names.find((name) => options[name] !== undefined);
  if (alone !== undefined) throw new CliError(`--${alone} goes with --${needed} only.`, 2);
}

function numberOption(
  options: OptionValues,
  name: string,
  fallback: number,
  least: number,
  most: number,
): number {
  const text = textOption(options, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!(value >= least && value <= most)) {
    throw new CliError(`--${name} is a number from ${least} to ${most}, not "${text}".`, 2);
  }
  return value;
}
