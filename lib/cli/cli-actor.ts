import os from 'node:os';
import type { CliActor, VerbContext } from '@/lib/auth';
import { systemClock } from '@/lib/core';
import { openDatabase } from '@/lib/db';

/** The person at this machine's shell, as the audit log names them. */
export function cliActor(): CliActor {
  const { username } = os.userInfo();
  return { kind: 'cli', id: username, name: `${username} (command line)` };
}

/** Runs verbs as the person at the shell, under the console's role. */
export async function asCli<T>(consoleUrl: string, use: (ctx: VerbContext) => Promise<T>): Promise<T> {
  const db = openDatabase({ url: consoleUrl, applicationName: 'countersign-cli', max: 4 });
  try {
    return await use({ db, actor: cliActor(), clock: systemClock });
  } finally {
    await db.close();
  }
}
