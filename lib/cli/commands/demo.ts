import { readEnv } from '@/lib/core';
import { buildConsole, isConsoleBuilt } from '../build-console';
import type { Command } from '../command';
import { prepareProtections } from '../demo-protections';
import { prepareDemo, prepareDemoEvidence } from '../prepare-demo';
import { supervise, terminalProgress } from '../supervisor';

const DEMO_WORKERS = 2;
/** Everything of the demo is on this machine; the simulated devices come each under an address of its own. */
const LOOPBACK = ['127.0.0.0/8', '::1/128'];

export const demoCommand: Command = {
  usage: '',
  help: [
    'Builds the console if there is no build. The accounts, apps and devices are made once; a second start goes on',
    'with them. Never use the data directory of a demo for real apps: their evidence is signed by a CA on its disk.',
  ],
  options: {},
  acceptsPositionals: false,
  run: async ({ installation }) => {
    const set = readEnv();
    if (!isConsoleBuilt(installation)) await buildConsole(installation);
    return supervise({
      env: {
        ...set,
        demo: true,
        workers: set.workers ?? DEMO_WORKERS,
        // The server whose certificate it watches is its own.
        probeNetworks: set.probeNetworks.length > 0 ? set.probeNetworks : LOOPBACK,
        trustedProxies: set.trustedProxies.length > 0 ? set.trustedProxies : LOOPBACK,
      },
      installation,
      progress: terminalProgress(performance.now()),
      fleet: true,
      onDatabase: prepareDemo,
      beforeFleet: prepareDemoEvidence,
      onReady: prepareProtections,
    });
  },
};
