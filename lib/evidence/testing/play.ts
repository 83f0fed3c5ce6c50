import {
  createCipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { toBase64Url } from '@/lib/core';

/** What an app's owner copies from the Play Console, in its spellings. */
export interface PlayResponseKeys {
  readonly decryptionKey: string;
  readonly verificationKey: string;
}

/** Departures from an honest token. */
export interface TokenTwist {
  readonly jweHeader?: Readonly<Record<string, unknown>>;
  readonly jwsHeader?: Readonly<Record<string, unknown>>;
  /** Signs with this key instead. */
  readonly signingKey?: KeyObject;
  /** Instead of the signed verdict. */
  readonly content?: Uint8Array;
}

/** Stands for Google Play: makes really signed and encrypted verdicts under keys of its own. */
export interface PlayIssuer {
  readonly keys: PlayResponseKeys;
  /** A verdict as Google signs it, compact JWS. */
  sign(payload: unknown, twist?: TokenTwist): string;
  /** A token as an app gets it, compact JWE. */
  token(payload: unknown, twist?: TokenTwist): string;
  /** With its private key, for a fleet that goes on with it. */
  toJSON(): StoredPlayIssuer;
}

/** An issuer as it is kept. */
export interface StoredPlayIssuer {
  readonly decryptionKey: string;
  readonly signingKeyPem: string;
}

const part = (value: unknown) => toBase64Url(Buffer.from(JSON.stringify(value)));
const KEY_WRAP_IV = Buffer.alloc(8, 0xa6);

/** An issuer with new keys. */
export function createPlayIssuer(): PlayIssuer {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return issuerOf(privateKey, randomBytes(32));
}

/** The issuer that was kept. */
export function loadPlayIssuer({ decryptionKey, signingKeyPem }: StoredPlayIssuer): PlayIssuer {
  return issuerOf(createPrivateKey(signingKeyPem), Buffer.from(decryptionKey, 'base64'));
}

function issuerOf(signingKey: KeyObject, aesKey: Buffer): PlayIssuer {
  const spki = createPublicKey(signingKey).export({ format: 'der', type: 'spki' });
  const decryptionKey = aesKey.toString('base64');
  const signed = (payload: unknown, twist: TokenTwist = {}) => {
    const input = `${part({ alg: 'ES256', ...twist.jwsHeader })}.${part(payload)}`;
    const key = twist.signingKey ?? signingKey;
    return `${input}.${toBase64Url(sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }))}`;
  };
  return {
    keys: { decryptionKey, verificationKey: spki.toString('base64') },
    sign: signed,
    token: (payload, twist = {}) =>
      encrypt(aesKey, twist.content ?? Buffer.from(signed(payload, twist)), twist.jweHeader),
    toJSON: () => ({
      decryptionKey,
      signingKeyPem: signingKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    }),
  };
}

function encrypt(aesKey: Buffer, content: Uint8Array, extra: TokenTwist['jweHeader']): string {
  const header = part({ alg: 'A256KW', enc: 'A256GCM', ...extra });
  const contentKey = randomBytes(32);
  const wrap = createCipheriv('id-aes256-wrap', aesKey, KEY_WRAP_IV);
  const wrapped = Buffer.concat([wrap.update(contentKey), wrap.final()]);
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', contentKey, iv, { authTagLength: 16 });
  cipher.setAAD(Buffer.from(header, 'ascii'));
  const ciphertext = Buffer.concat([cipher.update(content), cipher.final()]);
  return [header, ...[wrapped, iv, ciphertext, cipher.getAuthTag()].map(toBase64Url)].join('.');
}

/** What an honest verdict of a genuine device says, but for the changes. */
export interface VerdictOptions {
  readonly packageName: string;
  /** SHA-256 of the signing certificate, lower-case hex. */
  readonly signerDigest: string;
  readonly versionCode: number;
  readonly clientDataHash: Uint8Array;
  readonly nowMs: number;
  readonly request?: 'classic' | 'standard';
  readonly deviceLabels?: readonly string[];
  readonly sdkVersion?: number;
  readonly recognition?: string;
  readonly licensing?: string;
  readonly playProtect?: string;
  readonly appsDetected?: readonly string[];
  readonly activityLevel?: string;
  readonly isTestingResponse?: boolean;
}

/** The payload of a verdict. */
export function verdictPayload(options: VerdictOptions): Record<string, unknown> {
  const bound = options.request === 'standard' ? 'requestHash' : 'nonce';
  return {
    requestDetails: {
      requestPackageName: options.packageName,
      [bound]: toBase64Url(options.clientDataHash),
      timestampMillis: String(options.nowMs),
    },
    appIntegrity: {
      appRecognitionVerdict: options.recognition ?? 'PLAY_RECOGNIZED',
      packageName: options.packageName,
      certificateSha256Digest: [toBase64Url(Buffer.from(options.signerDigest, 'hex'))],
      versionCode: String(options.versionCode),
    },
    deviceIntegrity: {
      deviceRecognitionVerdict: options.deviceLabels ?? [
        'MEETS_BASIC_INTEGRITY',
        'MEETS_DEVICE_INTEGRITY',
        'MEETS_STRONG_INTEGRITY',
      ],
      deviceAttributes: { sdkVersion: options.sdkVersion ?? 36 },
      recentDeviceActivity: { deviceActivityLevel: options.activityLevel ?? 'LEVEL_1' },
    },
    accountDetails: { appLicensingVerdict: options.licensing ?? 'LICENSED' },
    environmentDetails: {
      playProtectVerdict: options.playProtect ?? 'NO_ISSUES',
      appAccessRiskVerdict: { appsDetected: options.appsDetected ?? ['KNOWN_INSTALLED'] },
    },
    ...(options.isTestingResponse === true ? { testingDetails: { isTestingResponse: true } } : {}),
  };
}
