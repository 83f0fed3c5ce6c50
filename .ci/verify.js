import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { bin, check, root, sum, take, vitest } from './steps.js';

/** The compiler that is fast. Next and dependency-cruiser need the older one's JavaScript API, so that both are installed. */
const TSC = path.join(root, 'node_modules', 'typescript-7', 'bin', 'tsc');
const CRUISED = ['app', 'components', 'lib', 'drizzle', 'e2e', 'bench'];

/** Everything that needs no database and no build. Independent steps run side by side, the longest first. */
export async function verify() {
  const steps = [
    check('types', process.execPath, [TSC, '--noEmit']),
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
