import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import {
  derBitString,
  derContext,
  derElement,
  derInteger,
  derObjectId,
  derSequence,
} from '@/lib/evidence/testing/der-writer';
import {
  certificatePem,
  createIssuerKey,
  derName,
  issueCertificate,
  spkiOf,
} from '@/lib/evidence/testing/issue-certificate';
import { pinOf } from '../read-pins';

const DAY_MS = 86_400_000;

/** A certificate for a TLS server with its key. */
export interface IssuedCertificate {
  readonly key: KeyObject;
  readonly der: Buffer;
  /** The leaf and its CA, PEM. */
  readonly chainPem: string;
  readonly keyPem: string;
  readonly pin: string;
}

/** What a certificate is issued for; a key may be kept over renewals. */
export interface CertificateWish {
  readonly host: string;
  readonly key?: KeyObject;
  readonly notBeforeMs?: number;
  readonly notAfterMs?: number;
}

/** A certificate authority of its own for TLS servers. */
export function createTlsCa(nowMs: number, commonName = 'Test TLS CA') {
  const key = createIssuerKey();
  const name = derName([['CN', commonName]]);
  const issuer = { name, privateKey: key, chain: [] };
  const der = issueCertificate({
    issuer,
    subject: name,
    spki: spkiOf(key),
    serial: 1,
    notBeforeMs: nowMs - DAY_MS,
    notAfterMs: nowMs + 3_650 * DAY_MS,
    isCa: true,
  });
  return {
    pem: certificatePem(der),
    pin: pinOf(spkiOf(key)),
    issue(wish: CertificateWish): IssuedCertificate {
      const leafKey = wish.key ?? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
      const leaf = issueCertificate({
        issuer,
        subject: derName([['CN', wish.host]]),
        spki: spkiOf(leafKey),
        serial: BigInt(`0x1${randomBytes(7).toString('hex')}`),
        notBeforeMs: wish.notBeforeMs ?? nowMs - DAY_MS,
        notAfterMs: wish.notAfterMs ?? nowMs + 90 * DAY_MS,
        isCa: false,
        extensions: [{ oid: '2.5.29.17', value: derSequence(derElement(0x82, Buffer.from(wish.host))) }],
      });
      return {
        key: leafKey,
        der: leaf,
        chainPem: certificatePem(leaf) + certificatePem(der),
        keyPem: leafKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
        pin: pinOf(spkiOf(leafKey)),
      };
    },
  };
}
export type TlsCa = ReturnType<typeof createTlsCa>;

/** A TLS server on loopback whose certificate can be replaced while it runs. */
export interface TestTlsServer {
  readonly port: number;
  use(certificate: Pick<IssuedCertificate, 'chainPem' | 'keyPem'>): void;
  close(): Promise<void>;
}

/** Starts a TLS server, on a free port unless told. @throws Error where the port is taken */
export async function startTlsServer(
  certificate: Pick<IssuedCertificate, 'chainPem' | 'keyPem'>,
  port = 0,
): Promise<TestTlsServer> {
  const server: Server = createServer({ cert: certificate.chainPem, key: certificate.keyPem }, (socket) => {
    socket.on('error', () => undefined);
    socket.end();
  });
  // What a probe breaks off is no error of the server's.
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    use: ({ chainPem, keyPem }) => server.setSecureContext({ cert: chainPem, key: keyPem }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** A PKCS #10 certificate request for a P-256 key, PEM. */
export function certificateRequestPem(key: KeyObject, host: string): string {
  const info = derSequence(derInteger(0), derName([['CN', host]]), spkiOf(key), derContext(0));
  const request = derSequence(
    info,
    derSequence(derObjectId('1.2.840.10045.4.3.2')),
    derBitString(sign('sha256', info, key)),
  );
  const lines = request.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`;
}
