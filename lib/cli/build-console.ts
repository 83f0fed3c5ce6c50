import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { CliError, type Installation } from './command';

/** Whether there is a finished build of the console. */
export function isConsoleBuilt({ root }: Installation): boolean {
  return existsSync(path.join(root, '.next', 'BUILD_ID'));
}

/**
 * Builds the console for production; Next's own output goes to the terminal.
 * @throws CliError where the build fails.
 */
export async function buildConsole({ root }: Installation): Promise<void> {
  const next = path.join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
  const child = spawn(process.execPath, [next, 'build'], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  if (code !== 0) throw new CliError(`The build of the console failed (${signal ?? `status ${code}`}).`);
}
