import { readEnv } from '@/lib/core';
import { CliError, type Command, type OptionValues, textOption } from '../command';
import { parseDuration } from '../duration';
import { loadFleet, runFleet } from '../simulate';
import { listenForStop, localUrl, makeDataDirectory } from '../supervisor';

const DEFAULT_RATE = 9;
const DEFAULT_DEVICES = 400;

export const simulateCommand: Command = {
  usage: '[--rate N] [--devices N] [--duration 15m] [--seed N]',
  help: [
    `--rate      attestations per second, on average over a day (${DEFAULT_RATE})`,
    `--devices   size of the fleet (${DEFAULT_DEVICES}); those of earlier runs come first`,
    '--duration  stop after this time, e.g. 90s, 15m, 2h (until Ctrl-C)',
    '--seed      makes the draw of the devices and their order reproducible',
    '',
    'The fleet and the CA that signs its evidence are in the data directory; countersign demo makes them.',
  ],
  options: {
    rate: { type: 'string' },
    devices: { type: 'string' },
    duration: { type: 'string' },
    seed: { type: 'string' },
  },
  acceptsPositionals: false,
  run: async ({ options }) => {
    const env = readEnv();
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
    await runFleet({
      fleet,
      directory: layout.fleet,
      serviceUrl: localUrl(env, env.servicePort),
      rate: numberOption(options, 'rate', DEFAULT_RATE, 0.1, 2_000),
      size: numberOption(options, 'devices', DEFAULT_DEVICES, 20, 100_000),
      seed: numberOption(options, 'seed', Date.now() % 2 ** 32, 0, 2 ** 32),
      stop: AbortSignal.any([...signals, orphaned.signal]),
      say: (line) => console.log(`  fleet  ${line}`),
    });
    stop.release();
    if (process.connected) process.disconnect();
    return 0;
  },
};

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
