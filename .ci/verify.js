import { pathToFileURL } from 'node:url';
import { bin, check, sum, take, vitest } from './steps.js';

const CRUISED = ['app', 'components', 'lib', 'drizzle', 'e2e', 'bench'];

/** Everything that needs no database and no build. Independent steps run side by side, the longest first. */
export async function verify() {
  const steps = [
    check('types', bin('tsc'), ['--noEmit']),
    vitest('unit tests', 'unit'),
    check('import rules', bin('depcruise'), ['--config', '.dependency-cruiser.js', ...CRUISED]),
    check('format and lint', bin('biome'), ['ci', '--colors=off', '--error-on-warnings', '.']),
  ];
  return sum(await Promise.all(steps.map(take)));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { failed } = await verify();
  process.exitCode = failed === 0 ? 0 : 1;
}
