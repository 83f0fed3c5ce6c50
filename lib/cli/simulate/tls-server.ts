import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { pinOf } from '@/lib/certificates';
import { createTlsCa, startTlsServer, type TestTlsServer } from '@/lib/certificates/testing/tls-ca';
import { spkiOf } from '@/lib/evidence/testing/issue-certificate';
import { readIfPresent, replaceFile } from '../supervisor';

/** The name in its certificate; it is reached as `localhost`, because names of examples lead nowhere. */
export const DEMO_SERVER_NAME = 'api.retail-bank.example';
export const DEMO_SERVER_HOST = 'localhost';
/** Short, as certificates are today, and long enough that a demo does not see it expire: each start issues it anew. */
const LIFETIME_MS = 25 * 86_400_000;
/** How soon a server that runs notices that its key was switched. */
const LOOK_MS = 1_000;

const storedSchema = z.object({
  port: z.number().int(),
  keyPem: z.string(),
  backupKeyPem: z.string(),
  /** Which of the two it presents. */
  presents: z.enum(['first', 'backup']).default('first'),
  /** Who intercepts on one network, with a key of its own; absent in files that are older than it. */
  interceptor: z.object({ port: z.number().int(), keyPem: z.string() }).optional(),
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
  /** Where whoever intercepts on one network answers in its name. */
  readonly interceptorPort: number;
  /**
   * Serves a fresh certificate of its key, under a CA of this run, and of the other key once that is switched to.
   * @throws Error where its port is taken
   */
  start(nowMs: number): Promise<Pick<TestTlsServer, 'port' | 'close'>>;
  /** Answers in its name with a certificate of somebody else's. @throws Error where the port is taken */
  startInterceptor(nowMs: number): Promise<Pick<TestTlsServer, 'port' | 'close'>>;
  /** Has a server that runs, or the next one, present the other of its two keys, and says the pin of that. */
  switchKey(): Promise<string>;
  /** Whether somebody answers at its port. */
  isUp(): Promise<boolean>;
  /** Notes that the demo has its origin and pins. */
  markPinned(): Promise<void>;
}

const fileIn = (directory: string) => path.join(directory, 'tls-server.json');

/** The server that is kept in a directory; makes its keys, and finds it a port, where there is none yet. */
export async function openDemoServer(directory: string): Promise<DemoServer> {
  const kept = await readStored(directory);
  const stored = kept ?? (await createServerIn(directory));
  const interceptor = stored.interceptor ?? (await addInterceptor(directory, stored));
  return {
    port: stored.port,
    interceptorPort: interceptor.port,
    isPinned: stored.isPinned,
    pin: pinOfPem(stored.keyPem),
    backupPin: pinOfPem(stored.backupKeyPem),
    start: (nowMs) => serve(directory, stored, nowMs),
    startInterceptor: (nowMs) =>
      startTlsServer(issue('Hotspot Inspection CA', interceptor.keyPem, nowMs), interceptor.port),
    isUp: () => answers(stored.port),
    markPinned: async () => save(directory, { ...((await readStored(directory)) ?? stored), isPinned: true }),
    switchKey: async () => {
      const now = (await readStored(directory)) ?? stored;
      const presents = now.presents === 'first' ? 'backup' : 'first';
      await save(directory, { ...now, presents });
      return pinOfPem(presents === 'first' ? now.keyPem : now.backupKeyPem);
    },
  };
}

const pinOfPem = (pem: string) => pinOf(spkiOf(createPrivateKey(pem)));

async function readStored(directory: string): Promise<Stored | undefined> {
  const content = await readIfPresent(fileIn(directory));
  return content === undefined ? undefined : storedSchema.parse(JSON.parse(content));
}

function issue(ca: string, keyPem: string, nowMs: number) {
  return createTlsCa(nowMs, ca).issue({
    host: DEMO_SERVER_NAME,
    key: createPrivateKey(keyPem),
    notAfterMs: nowMs + LIFETIME_MS,
  });
}

const presented = ({ presents, keyPem, backupKeyPem }: Stored, nowMs: number) =>
  issue('Demo TLS CA', presents === 'first' ? keyPem : backupKeyPem, nowMs);

/** Runs the server; a key that is switched to in its file is presented from the next connection on. */
async function serve(directory: string, stored: Stored, nowMs: number) {
  const running = await startTlsServer(presented(stored, nowMs), stored.port);
  let current = stored.presents;
  const look = async () => {
    const now = await readStored(directory).catch(() => undefined);
    if (now === undefined || now.presents === current) return;
    current = now.presents;
    running.use(presented(now, Date.now()));
  };
  const onChange = () => void look();
  watchFile(fileIn(directory), { interval: LOOK_MS, persistent: false }, onChange);
  return {
    port: running.port,
    close: () => {
      unwatchFile(fileIn(directory), onChange);
      return running.close();
    },
  };
}

async function createServerIn(directory: string): Promise<Stored> {
  const stored: Stored = {
    port: await freePort(),
    keyPem: pemOf(newKey()),
    backupKeyPem: pemOf(newKey()),
    presents: 'first',
    interceptor: await newInterceptor(),
    isPinned: false,
  };
  await save(directory, stored);
  return stored;
}

/** What a file of before has not. */
async function addInterceptor(directory: string, stored: Stored) {
  const interceptor = await newInterceptor();
  await save(directory, { ...stored, interceptor });
  return interceptor;
}

const newInterceptor = async () => ({ port: await freePort(), keyPem: pemOf(newKey()) });

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
