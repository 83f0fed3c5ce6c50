import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '../support/fixtures';
import { ROOT } from '../support/product';

const NGINX = process.env.E2E_NGINX || ['/usr/sbin/nginx', '/usr/bin/nginx'].find(existsSync);

let folder: string;
let api: Server;
let nginx: ChildProcess;
let door: string;

/** The configuration that the guide tells people to use, on our ports. */
async function guideConfiguration(serviceUrl: string, apiPort: number, port: number): Promise<string> {
  const guide = await readFile(path.join(ROOT, 'docs', 'integrate', 'nginx.md'), 'utf8');
  const block = /```nginx\n([\s\S]*?)```/.exec(guide)?.[1];
  if (block === undefined) throw new Error('The guide has no nginx configuration.');
  return block
    .replace('127.0.0.1:4000', new URL(serviceUrl).host)
    .replace('127.0.0.1:8080', `127.0.0.1:${apiPort}`)
    .replace('listen 8443', `listen 127.0.0.1:${port}`);
}

function mainConfiguration(site: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return [
    'daemon off; worker_processes 1;',
    `pid ${folder}/nginx.pid; error_log ${folder}/error.log;`,
    'events { worker_connections 128; }',
    `http { access_log off; ${temporary.join(' ')} include ${site}; }`,
  ].join('\n');
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** What reaches the API behind nginx, as it sees it. */
async function call(
  headers: Record<string, string>,
): Promise<{ status: number; body: Record<string, string> }> {
  const answer = await fetch(`${door}/accounts/7`, { headers });
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

test.skip(NGINX === undefined, 'nginx is not installed');

test.beforeAll(async ({ product }) => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'countersign-nginx-'));
  // Started by root, nginx's worker runs as another user.
  await chmod(folder, 0o755);
  api = createServer((request, response) => response.end(JSON.stringify(request.headers)));
  const apiPort = await portOf(api);
  const probe = createServer();
  const port = await portOf(probe);
  probe.close();
  door = `http://127.0.0.1:${port}`;
  const site = path.join(folder, 'site.conf');
  const main = path.join(folder, 'nginx.conf');
  await writeFile(site, await guideConfiguration(product.serviceUrl, apiPort, port));
  await writeFile(main, mainConfiguration(site));
  nginx = spawn(NGINX ?? '', ['-c', main, '-e', path.join(folder, 'error.log')], { stdio: 'inherit' });
  await expect(async () => expect((await fetch(door)).status).toBe(401)).toPass({ timeout: 10_000 });
});

test.afterAll(async () => {
  const ended = once(nginx, 'exit');
  nginx.kill('SIGTERM');
  await ended;
  api.close();
  await rm(folder, { recursive: true, force: true });
});

test('lets an attested app through nginx to the API, and tells the API what it found out', async ({
  newPhone,
  product,
}) => {
  const phone = await newPhone('ios');
  const { body } = await phone.enrol(product.serviceUrl);
  const { status, body: seen } = await call({
    'Attestation-Token': body.token ?? '',
    'X-Attestation-Status': 'forged-by-the-client',
  });
  expect(status).toBe(200);
  expect(seen['x-attestation-status']).toBe('affirming');
  expect(seen['x-attestation-instance']).toBe(phone.instanceId);
  expect(seen).not.toHaveProperty('attestation-token');
});

test('refuses a request without a token, and one with a token of nobody’s, with their codes', async ({
  newPhone,
  product,
}) => {
  expect(await call({})).toMatchObject({ status: 401, body: { code: 'token_missing' } });
  const phone = await newPhone('ios');
  const { body } = await phone.enrol(product.serviceUrl);
  const token = body.token ?? '';
  const forged = `${token.slice(0, token.lastIndexOf('.') + 1)}${'A'.repeat(86)}`;
  expect(await call({ 'Attestation-Token': forged })).toMatchObject({
    status: 401,
    body: { code: 'token_bad_signature' },
  });
});
