import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '@/lib/outbound';
import { PROBE_LIMITS, probeTls } from './probe';
import { createTlsCa, type IssuedCertificate, startTlsServer, type TestTlsServer } from './testing/tls-ca';

const DAY = 86_400_000;
const NOW = Date.now();
const ca = createTlsCa(NOW);
const good = ca.issue({ host: 'localhost' });
const guard = createAddressGuard(['127.0.0.0/8', '::1']);
const limits = { ...PROBE_LIMITS, connectMs: 1_000, handshakeMs: 300 };

let open: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.map((server) => server.close()));
  open = [];
});

async function serving(certificate: Pick<IssuedCertificate, 'chainPem' | 'keyPem'>): Promise<TestTlsServer> {
  const server = await startTlsServer(certificate);
  open.push(server);
  return server;
}

/** A TCP server that is no TLS server. */
async function speaking(onConnection: Parameters<typeof createServer>[1]): Promise<number> {
  const server: Server = createServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  return (server.address() as AddressInfo).port;
}

const probe = (port: number, changes: { host?: string; serverName?: string; guard?: typeof guard } = {}) =>
  probeTls(
    { host: changes.host ?? 'localhost', port, serverName: changes.serverName ?? null },
    changes.guard ?? guard,
    NOW,
    limits,
  );

describe('a probe', () => {
  it('reads the chain, its pins, dates and issuer', async () => {
    const { port } = await serving(good);
    const found = await probe(port);
    expect(found).toMatchObject({ outcome: 'ok', protocol: 'TLSv1.3', findings: ['untrusted_issuer'] });
    expect(found.chain.map(({ spkiSha256 }) => spkiSha256)).toEqual([good.pin, ca.pin]);
    expect(found.chain[0]).toMatchObject({ subject: 'CN=localhost', issuer: 'CN=Test TLS CA' });
    expect(Date.parse(found.chain[0]?.notAfter ?? '')).toBeGreaterThan(NOW + 89 * DAY);
    expect(['127.0.0.1', '::1']).toContain(found.address);
  });

  it('sees the new certificate as soon as it is replaced', async () => {
    const server = await serving(good);
    const next = ca.issue({ host: 'localhost' });
    server.use(next);
    expect((await probe(server.port)).chain[0]?.spkiSha256).toBe(next.pin);
  });

  it('finds an expired certificate, one that is not valid yet, and one for another name', async () => {
    const expired = await serving(
      ca.issue({ host: 'localhost', notBeforeMs: NOW - 9 * DAY, notAfterMs: NOW - DAY }),
    );
    expect((await probe(expired.port)).findings).toContain('expired');
    const early = await serving(
      ca.issue({ host: 'localhost', notBeforeMs: NOW + DAY, notAfterMs: NOW + 9 * DAY }),
    );
    expect((await probe(early.port)).findings).toContain('not_yet_valid');
    const { port } = await serving(good);
    expect((await probe(port, { serverName: 'other.example' })).findings).toContain('wrong_name');
  });

  it('gives up on a server that accepts and then hangs, and on one that drips', async () => {
    const silent = await speaking(() => undefined);
    expect((await probe(silent)).outcome).toBe('handshake_timeout');
    const dripping = await speaking((socket) => {
      socket.on('error', () => undefined);
      socket.write(Buffer.from([0x16, 0x03, 0x03, 0x40, 0x00]));
      const timer = setInterval(() => socket.write(Buffer.from([2])), 50);
      socket.on('close', () => clearInterval(timer));
    });
    const found = await probe(dripping);
    expect(found.outcome).toBe('handshake_timeout');
    expect(found.durationMs).toBeLessThan(2_000);
  });

  it('refuses a megabyte of chain without holding it', async () => {
    const chainPem = good.chainPem + Array.from({ length: 3_000 }, () => ca.pem).join('');
    // Three quarters of the PEM, which the server sends as DER.
    expect(chainPem.length * 0.75).toBeGreaterThan(1_000_000);
    const { port } = await serving({ chainPem, keyPem: good.keyPem });
    expect(await probe(port)).toMatchObject({ outcome: 'chain_too_large', chain: [] });
  });

  it('stops reading a server that sends without end', async () => {
    let sent = 0;
    const port = await speaking((socket) => {
      socket.on('error', () => undefined);
      const record = Buffer.concat([Buffer.from([0x16, 0x03, 0x03, 0x20, 0x00]), Buffer.alloc(0x2000)]);
      const pump = () => {
        while (!socket.destroyed && sent < 64 * 1024 * 1024) {
          sent += record.length;
          if (!socket.write(record)) return void socket.once('drain', pump);
        }
      };
      pump();
    });
    const found = await probe(port);
    expect(found.outcome).not.toBe('ok');
    expect(sent).toBeLessThan(32 * 1024 * 1024);
  });

  it('asks a server nothing: where it would redirect to leads nowhere', async () => {
    let requests = 0;
    const server = createHttpsServer({ cert: good.chainPem, key: good.keyPem }, (_, response) => {
      requests += 1;
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(server);
    expect(await probe((server.address() as AddressInfo).port)).toMatchObject({ outcome: 'ok' });
    expect(requests).toBe(0);
  });

  it('tells what is no TLS, what closes, and what is not there', async () => {
    const http = await speaking((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n');
    });
    expect((await probe(http)).outcome).toBe('not_tls');
    const closing = await speaking((socket) => socket.destroy());
    expect((await probe(closing)).outcome).toBe('connection_closed');
    const { port, close } = await startTlsServer(good);
    await close();
    expect((await probe(port)).outcome).toBe('connection_refused');
    expect((await probe(443, { host: 'does-not-exist.invalid' })).outcome).toBe('name_not_found');
  });

  it('connects to nothing that the guard refuses', async () => {
    let connections = 0;
    const port = await speaking((socket) => {
      connections += 1;
      socket.destroy();
    });
    const found = await probe(port, { guard: createAddressGuard([]) });
    expect(found).toMatchObject({ outcome: 'address_refused', address: null });
    expect(connections).toBe(0);
  });
});
