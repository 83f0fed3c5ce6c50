import { chmod, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrateDatabase, openDriver, setRolePasswords } from '@/lib/db';
import { startEmbeddedPostgres } from '@/lib/db/embedded';
import { ROLE_PASSWORDS, TEMPLATE_DATABASE } from './constants';
import { scratchFolder } from './scratch.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Owner's connection to the cluster that holds the migrated template. */
    clusterUrl: string;
  }
}

/**
 * One cluster for the whole run: the embedded Postgres, or the one that `COUNTERSIGN_TEST_DATABASE_URL` names (its
 * user must be allowed to create databases and roles). Each test file copies the migrated template.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = path.resolve(process.cwd());
  const external = process.env.COUNTERSIGN_TEST_DATABASE_URL || undefined;
  // It is no setting of the product, which refuses to start with one that it does not know.
  delete process.env.COUNTERSIGN_TEST_DATABASE_URL;
  const scratch = scratchFolder();
  // Of the tests too, some of which bring a server of their own; their processes inherit it.
  process.env.TMPDIR = scratch;
  const folder = await mkdtemp(path.join(scratch, 'countersign-test-'));
  // The embedded server may have to run as another user, who must be able to reach its folder.
  await chmod(folder, 0o711);
  const embedded = external
    ? undefined
    : await startEmbeddedPostgres({
        directory: path.join(folder, 'postgres'),
        root,
        settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=200'],
      });
  const clusterUrl = external ?? embedded?.ownerUrl ?? '';
  await makeTemplate(clusterUrl, root);
  project.provide('clusterUrl', clusterUrl);
  return async () => {
    await embedded?.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function makeTemplate(clusterUrl: string, root: string): Promise<void> {
  const sql = openDriver(clusterUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql.unsafe(`drop database if exists ${TEMPLATE_DATABASE} with (force)`);
    await sql.unsafe(`create database ${TEMPLATE_DATABASE}`);
  } finally {
    await sql.end();
  }
  const templateUrl = new URL(clusterUrl);
  templateUrl.pathname = `/${TEMPLATE_DATABASE}`;
  await becomeOneNodeCluster(templateUrl);
  await migrateDatabase(templateUrl.href, root);
  await setRolePasswords(templateUrl.href, ROLE_PASSWORDS);
  await leaveAlone(clusterUrl);
}

/** Where the server has Citus, the template is a cluster of one node, which holds the shards itself. */
async function becomeOneNodeCluster(url: URL): Promise<void> {
  const sql = openDriver(url.href, { max: 1, onnotice: () => undefined });
  try {
    const [loaded] = await sql`select from pg_settings where name = 'citus.shard_count'`;
    if (!loaded) return;
    const port = Number(url.port || '5432');
    await sql`create extension citus`;
    await sql`select citus_set_coordinator_host(${url.hostname}, ${port}::int)`;
    await sql`select citus_set_node_property(${url.hostname}, ${port}::int, 'shouldhaveshards', true)`;
  } finally {
    await sql.end();
  }
}

/** Ends what still holds the template, as the daemon of Citus does: a database in use cannot be copied. */
async function leaveAlone(clusterUrl: string): Promise<void> {
  const sql = openDriver(clusterUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql`select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = ${TEMPLATE_DATABASE}`;
  } finally {
    await sql.end();
  }
}
