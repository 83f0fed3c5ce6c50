import * as checker from 'appattest-checker-node';
import * as nodeAppAttest from 'node-app-attest';
import { z } from 'zod';
import { readVectorFile, type Vector } from './vectors';

/* The two other verifiers of App Attest for Node, called as their documentation says, on the cases of the vectors. */

const bytes = z.string().transform((base64) => Buffer.from(base64, 'base64'));
const challenge = z
  .union([z.object({ utf8: z.string() }), z.object({ base64: z.string() })])
  .transform((text) => ('utf8' in text ? Buffer.from(text.utf8) : Buffer.from(text.base64, 'base64')));

const attestationSchema = z.object({
  teamId: z.string(),
  bundleId: z.string(),
  keyIdBase64: z.string(),
  challenge,
  environment: z.enum(['production', 'development']),
  verificationTime: z.iso.datetime(),
});
const assertionSchema = z.object({
  teamId: z.string(),
  bundleId: z.string(),
  publicKeySpkiPem: z.string(),
  clientDataBase64: bytes,
  clientDataHashBase64: bytes,
  previousCounter: z.number(),
});

/** Makes a case ready for a verifier, and gives what asks whether it accepts it. */
export type Peer = (vector: Vector) => () => Promise<boolean>;

/** What an attestation case gives to a verifier; `null` where it has no challenge in a form that peers take. */
export function attestationInputs(vector: Vector) {
  const inputs = attestationSchema.safeParse(vector.inputs);
  return inputs.success ? inputs.data : null;
}

async function accepts(verify: () => unknown): Promise<boolean> {
  try {
    const result = await verify();
    return !(typeof result === 'object' && result !== null && 'verifyError' in result);
  } catch {
    return false;
  }
}

/** node-app-attest 1.0.1. */
export const NODE_APP_ATTEST: { attestation: Peer; assertion: Peer } = {
  attestation: (vector) => {
    const inputs = attestationSchema.parse(vector.inputs);
    const given = {
      attestation: readVectorFile(vector.folder, vector.vector),
      challenge: inputs.challenge,
      keyId: inputs.keyIdBase64,
      bundleIdentifier: inputs.bundleId,
      teamIdentifier: inputs.teamId,
      allowDevelopmentEnvironment: inputs.environment === 'development',
    };
    return () => accepts(() => nodeAppAttest.verifyAttestation(given));
  },
  assertion: (vector) => {
    const inputs = assertionSchema.parse(vector.inputs);
    const given = {
      assertion: readVectorFile(vector.folder, vector.vector),
      payload: inputs.clientDataBase64,
      publicKey: inputs.publicKeySpkiPem,
      bundleIdentifier: inputs.bundleId,
      teamIdentifier: inputs.teamId,
      signCount: inputs.previousCounter,
    };
    return () => accepts(() => nodeAppAttest.verifyAssertion(given));
  },
};

/** appattest-checker-node 1.0.3, which goes by the system's clock, and leaves the counter to its caller. */
export const CHECKER: { attestation: Peer; assertion: Peer } = {
  attestation: (vector) => {
    const {
      teamId,
      bundleId,
      environment,
      keyIdBase64,
      challenge: given,
    } = attestationSchema.parse(vector.inputs);
    const app = { appId: `${teamId}.${bundleId}`, developmentEnv: environment === 'development' };
    const object = readVectorFile(vector.folder, vector.vector);
    return () => accepts(async () => await checker.verifyAttestation(app, keyIdBase64, given, object));
  },
  assertion: (vector) => {
    const { teamId, bundleId, clientDataHashBase64, publicKeySpkiPem } = assertionSchema.parse(vector.inputs);
    const object = readVectorFile(vector.folder, vector.vector);
    const appId = `${teamId}.${bundleId}`;
    return () =>
      accepts(
        async () => await checker.verifyAssertion(clientDataHashBase64, publicKeySpkiPem, appId, object),
      );
  },
};
