import { sign } from 'node:crypto';
import { ES256, encodeHeader, type JwsType } from '../jws';
import type { SigningKey } from './keys';

/** A compact JWS (ES256) over JSON. */
export function signJws({ kid, privateKey }: SigningKey, type: JwsType, payload: object): string {
  const encoded = Buffer.from(JSON.stringify(payload)).toString('base64url');
  const signingInput = `${encodeHeader(kid, type)}.${encoded}`;
  const signer = { key: privateKey, dsaEncoding: ES256.dsaEncoding };
  const signature = sign(ES256.digest, Buffer.from(signingInput), signer);
  return `${signingInput}.${signature.toString('base64url')}`;
}
