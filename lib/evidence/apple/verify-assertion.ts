import type { KeyObject } from 'node:crypto';
import type { Verification } from '@/lib/contracts';
import { equalBytes, sha256 } from '@/lib/core';
import { verifyEs256 } from '@/lib/crypto';
import { loadAssertingKey } from '../asserting-key';
import type { AssertionClaims, AssertionInput } from '../assertion';
import { check, type Finding, fail, pass, runSteps, type Steps } from '../steps';
import { type AssertionData, readAssertionData } from './authenticator-data';
import { type AssertionObject, readAssertionObject } from './objects';

function checkData(object: AssertionObject): Finding<AssertionData> {
  const data = readAssertionData(object.authenticatorData);
  return data === undefined
    ? fail('assertion_malformed', 'The authenticator data is malformed.')
    : pass(data, 'The authenticator data is well-formed.');
}

/** The signature is over the nonce, and ECDSA with SHA-256 hashes the nonce once more. */
function checkSignature(key: KeyObject, object: AssertionObject, clientDataHash: Uint8Array): Finding<void> {
  const nonce = sha256(Buffer.concat([object.authenticatorData, clientDataHash]));
  return verifyEs256(key, nonce, object.signature)
    ? pass(undefined, 'The enrolled key signed the authenticator data and the client data.')
    : fail('assertion_bad_signature', 'The enrolled key did not sign this.');
}

function checkApp(data: AssertionData, appIds: readonly string[]): Finding<string> {
  const appId = appIds.find((candidate) => equalBytes(sha256(candidate), data.rpIdHash));
  return appId === undefined
    ? fail('assertion_app_mismatch', 'The assertion is for another app.')
    : pass(appId, 'The assertion is for this app.');
}

function checkCounter(data: AssertionData, previousCounter: number): Finding<number> {
  return data.counter > previousCounter
    ? pass(data.counter, `The counter rose from ${previousCounter} to ${data.counter}.`)
    : fail('assertion_counter_not_rising', `The counter is ${data.counter}, after ${previousCounter}.`);
}

function* steps(input: AssertionInput): Steps<AssertionClaims> {
  const object = yield* check('assertion_object_strict', readAssertionObject(input.assertion));
  const data = yield* check('authenticator_data', checkData(object));
  const key = yield* check('asserting_key', loadAssertingKey(input.publicKey));
  yield* check('signature', checkSignature(key, object, input.clientDataHash));
  const appId = yield* check('app_identity', checkApp(data, input.appleAppIds));
  const counter = yield* check('counter_rises', checkCounter(data, input.previousCounter));
  return {
    format: 'apple-app-attest',
    counter,
    appId,
    appVersion: data.extensions.bundleVersion,
    validationCategory: data.extensions.validationCategory,
  };
}

/**
 * Verifies an App Attest assertion. That the counter rises is checked against `previousCounter`; only a
 * compare-and-swap in the store settles races. Never detect replays by signature bytes: ECDSA is malleable.
 */
export function verifyAppAttestAssertion(input: AssertionInput): Verification<AssertionClaims> {
  return runSteps(steps(input));
}
