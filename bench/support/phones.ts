import { sha256, toBase64Url } from '@/lib/core';
import { createDeviceKey, type DeviceKey } from '@/lib/evidence/testing';
import { httpRequest, runLoad } from './load';
import { BENCH_APP, type Stack } from './stack';

/** An enrolled Android phone of the benchmark. */
export interface BenchPhone {
  key: DeviceKey;
  instanceId: string;
  token: string;
}

const JSON_HEADERS = { 'content-type': 'application/json' };

/** Client data for a challenge, as bytes. */
export function clientData(challenge: string): Buffer {
  return Buffer.from(
    JSON.stringify({
      challenge,
      appId: BENCH_APP.id,
      platform: 'android',
      appVersion: BENCH_APP.appVersion,
      osVersion: '16',
      model: 'Pixel 10',
      sdkVersion: '1.0.0',
      configVersion: 1_000_000,
      signals: { hooks: false, privileged_access: false, debugger: false },
    }),
  );
}

/** Fetches `count` challenges. */
export async function fetchChallenges(stack: Stack, count: number): Promise<string[]> {
  const challenges: string[] = [];
  let sent = 0;
  const request = httpRequest(
    'POST',
    '/v1/challenges',
    JSON_HEADERS,
    JSON.stringify({ appId: BENCH_APP.id }),
  );
  await runLoad({
    port: stack.port,
    connections: 32,
    seconds: 60,
    next: () => (sent++ < count ? request : undefined),
    onAnswer: (text) => challenges.push(JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4)).challenge),
  });
  return challenges;
}

/** Body of an enrolment with fresh evidence, and its key. */
export function enrolment(stack: Stack, challenge: string): { key: DeviceKey; body: string } {
  const key = createDeviceKey();
  const data = clientData(challenge);
  const evidence = stack.ca.android.attest({
    key,
    nowMs: Date.now(),
    challenge: sha256(data),
    packages: [{ name: BENCH_APP.packageName, versionCode: 100 }],
    signerDigests: [BENCH_APP.signerDigest],
  });
  return { key, body: JSON.stringify({ clientData: toBase64Url(data), evidence }) };
}

/** Enrols `count` phones, sixteen at a time. */
export async function enrolPhones(stack: Stack, count: number): Promise<BenchPhone[]> {
  const challenges = await fetchChallenges(stack, count);
  const phones: BenchPhone[] = [];
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let challenge = challenges.pop(); challenge; challenge = challenges.pop()) {
        phones.push(await enrol(stack, challenge));
      }
    }),
  );
  return phones;
}

async function enrol(stack: Stack, challenge: string): Promise<BenchPhone> {
  const { key, body } = enrolment(stack, challenge);
  const response = await fetch(`${stack.url}/v1/instances`, { method: 'POST', headers: JSON_HEADERS, body });
  if (response.status !== 201)
    throw new Error(`enrolment answered ${response.status}: ${await response.text()}`);
  const answer = (await response.json()) as { instanceId: string; token: string };
  return { key, instanceId: answer.instanceId, token: answer.token };
}

/** The request of one attestation. */
export function attestation(stack: Stack, phone: BenchPhone, challenge: string): Buffer {
  const data = clientData(challenge);
  const body = JSON.stringify({
    instanceId: phone.instanceId,
    clientData: toBase64Url(data),
    assertion: toBase64Url(stack.ca.android.assert({ key: phone.key, clientData: data })),
  });
  return httpRequest('POST', '/v1/attestations', JSON_HEADERS, body);
}
