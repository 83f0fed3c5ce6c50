import { readFile } from 'node:fs/promises';
import path from 'node:path';
import postgres from 'postgres';
import type { Product } from './product';

/* What a test may know of the running product that no user sees: its processes and its database. */

interface Runtime {
  postgresPort: number;
  processes: { name: string; pid: number }[];
}

async function runtimeOf(product: Product): Promise<Runtime> {
  return JSON.parse(await readFile(path.join(product.dataDirectory, 'runtime.json'), 'utf8')) as Runtime;
}

/** Process ids of the service's workers. */
export async function workerPids(product: Product): Promise<number[]> {
  const { processes } = await runtimeOf(product);
  const service = processes.find(({ name }) => name === 'service');
  if (!service) throw new Error(`No service among ${processes.map(({ name }) => name).join(', ')}.`);
  const children = await readFile(`/proc/${service.pid}/task/${service.pid}/children`, 'utf8');
  return children.split(' ').filter(Boolean).map(Number);
}

/** The process id of one of the product's processes. */
export async function processId(product: Product, name: string): Promise<number> {
  const { processes } = await runtimeOf(product);
  const pid = processes.find((one) => one.name === name)?.pid;
  if (pid === undefined) throw new Error(`No ${name} among ${processes.map((one) => one.name).join(', ')}.`);
  return pid;
}

/** Megabytes of memory that one of the product's processes holds. */
export async function residentMb(product: Product, name: string): Promise<number> {
  const status = await readFile(`/proc/${await processId(product, name)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
}

/** Runs `use` with the owner's connection to the product's database. */
export async function withDatabase<T>(product: Product, use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const { postgresPort } = await runtimeOf(product);
  const secret = await readFile(path.join(product.dataDirectory, 'postgres', 'owner-password'), 'utf8');
  const sql = postgres({
    host: '127.0.0.1',
    port: postgresPort,
    username: 'countersign_owner',
    password: secret.trim(),
    database: 'countersign',
    max: 1,
  });
  try {
    return await use(sql);
  } finally {
    await sql.end();
  }
}
