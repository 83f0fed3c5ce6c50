import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { sha256, toBase64Url } from '@/lib/core';
import { p256PointOfSpki } from '@/lib/crypto';

/** A pretended hardware key: P-256. */
export interface DeviceKey {
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer;
  /** 65-byte uncompressed point. */
  readonly point: Uint8Array;
  /** Apple's key id: SHA-256 of the point. */
  readonly appleKeyId: Buffer;
}

function deviceKey(privateKey: KeyObject): DeviceKey {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const point = p256PointOfSpki(spki);
  if (point === undefined) throw new TypeError('a device key is on P-256');
  return { privateKey, spki, point, appleKeyId: sha256(point) };
}

/** A new key. */
export function createDeviceKey(): DeviceKey {
  return deviceKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey);
}

/** The key as base64url of its PKCS #8. */
export function exportDeviceKey(key: DeviceKey): string {
  return toBase64Url(key.privateKey.export({ format: 'der', type: 'pkcs8' }));
}

/** The key of an export; throws where the text is none. */
export function importDeviceKey(exported: string): DeviceKey {
  const der = Buffer.from(exported, 'base64url');
  return deviceKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
}

/** ECDSA with SHA-256 over the client data, DER: an Android or `dev` assertion. */
export function signClientData(key: DeviceKey, clientData: Uint8Array): Buffer {
  return sign('sha256', clientData, key.privateKey);
}
