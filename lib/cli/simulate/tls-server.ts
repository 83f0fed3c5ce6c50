import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { pinOf } from '@/lib/certificates';
import { createTlsCa, startTlsServer, type TestTlsServer } from '@/lib/certificates/testing/tls-ca';
import { spkiOf } from '@/lib/evidence/testing/issue-certificate';
import { readIfPresent, replaceFile } from '../supervisor';

/** The name in its certificate; it is reached as `localhost`, because names of examples lead nowhere. */
export const DEMO_SERVER_NAME = 'api.retail-bank.example';
/** Short, as certificates are today, and long enough that a demo does not see it expire: each start issues it anew. */
const LIFETIME_MS = 25 * 86_400_000;

const storedSchema = z.object({
  port: z.number().int(),
  keyPem: z.string(),
  backupKeyPem: z.string(),
  /** Whether the demo has been given its origin and pins; what is taken away afterwards stays away. */
  isPinned: z.boolean(),
});
type Stored = z.infer<typeof storedSchema>;

/** The demo's own TLS server, as it is kept between runs. */
export interface DemoServer {
  readonly port: number;
  readonly isPinned: boolean;
  /** Pins of the key that it presents, and of the one that is kept for the day on which that is lost. */
  readonly pin: string;
  readonly backupPin: string;
  /** Serves a fresh certificate of its key, under a CA of this run. @throws Error where its port is taken */
  start(nowMs: number): Promise<TestTlsServer>;
  /** Whether somebody answers at its port. */
  isUp(): Promise<boolean>;
  /** Notes that the demo has its origin and pins. */
  markPinned(): Promise<void>;
}

const fileIn = (directory: string) => path.join(directory, 'tls-server.json');

/** The server that is kept in a directory; makes its keys, and finds it a port, where there is none yet. */
export async function openDemoServer(directory: string): Promise<DemoServer> {
  const content = await readIfPresent(fileIn(directory));
  const stored =
    content === undefined ? await createServerIn(directory) : storedSchema.parse(JSON.parse(content));
  const key = createPrivateKey(stored.keyPem);
  return {
    port: stored.port,
    isPinned: stored.isPinned,
    pin: pinOf(spkiOf(key)),
    backupPin: pinOf(spkiOf(createPrivateKey(stored.backupKeyPem))),
    start: (nowMs) =>
      startTlsServer(
        createTlsCa(nowMs, 'Demo TLS CA').issue({
          host: DEMO_SERVER_NAME,
          key,
          notAfterMs: nowMs + LIFETIME_MS,
        }),
        stored.port,
      ),
    isUp: () => answers(stored.port),
    markPinned: () => save(directory, { ...stored, isPinned: true }),
  };
}

async function createServerIn(directory: string): Promise<Stored> {
  const stored = {
    port: await freePort(),
    keyPem: pemOf(newKey()),
    backupKeyPem: pemOf(newKey()),
    isPinned: false,
  };
  await save(directory, stored);
  return stored;
}

/** The file holds private keys, and is private. */
const save = (directory: string, stored: Stored) =>
  replaceFile(fileIn(directory), `${JSON.stringify(stored)}\n`);
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pemOf = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' }).toString();

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
