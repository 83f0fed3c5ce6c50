import { randomBytes } from 'node:crypto';
import { type AnchorSource, readAnchor, readPemCertificates } from '../anchors';
import { type AndroidAttestOptions, type ForgedLevel, makeKeyAttestation, provisioningInfo } from './android';
import { type AppAssertOptions, type AppAttestOptions, makeAppAssertion, makeAppAttest } from './app-attest';
import { type DevAttestOptions, makeDevEvidence } from './dev';
import { type DeviceKey, signClientData } from './device-key';
import {
  certificatePem,
  createIssuerKey,
  type DistinguishedName,
  derName,
  type ExtensionToWrite,
  type Issuer,
  issueCertificate,
  readIssuerKey,
  spkiOf,
} from './issue-certificate';
import { makeReceipt, type ReceiptOptions, type ReceiptSigner } from './receipt';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** A test CA as it is stored. The private key makes any evidence under this anchor: development only. */
export interface SerialisedTestCa {
  readonly name: string;
  readonly certificatePem: string;
  /** PKCS #8. */
  readonly privateKeyPem: string;
}

function selfSigned(name: string, nowMs: number): SerialisedTestCa {
  const privateKey = createIssuerKey();
  const subject = derName([
    ['O', 'Countersign test'],
    ['CN', name],
  ]);
  const certificate = issueCertificate({
    issuer: { name: subject, privateKey, chain: [] },
    subject,
    spki: spkiOf(privateKey),
    serial: randomBytes(8),
    notBeforeMs: nowMs - DAY_MS,
    notAfterMs: nowMs + 10 * YEAR_MS,
    isCa: true,
  });
  return {
    name,
    certificatePem: certificatePem(certificate),
    privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  };
}

/** Makes issuers below the root on first use, and keeps them: as real devices share their intermediates. */
class IssuerTree {
  readonly root: Issuer;
  readonly #notBeforeMs: number;
  readonly #notAfterMs: number;
  readonly #issuers = new Map<string, Issuer>();
  #serial = 1000;

  constructor(root: Issuer, notBeforeMs: number, notAfterMs: number) {
    this.root = root;
    this.#notBeforeMs = notBeforeMs;
    this.#notAfterMs = notAfterMs;
  }

  /** When its certificates are valid. */
  get window() {
    return { notBeforeMs: this.#notBeforeMs, notAfterMs: this.#notAfterMs };
  }

  nextSerial(): number {
    this.#serial += 1;
    return this.#serial;
  }

  /** An issuer with a name of its own; a new one each time. */
  issue(
    parent: Issuer,
    name: DistinguishedName,
    extensions: readonly ExtensionToWrite[] = [],
    isCa = true,
  ): Issuer {
    const privateKey = createIssuerKey();
    const subject = derName(name);
    const certificate = issueCertificate({
      issuer: parent,
      subject,
      spki: spkiOf(privateKey),
      serial: this.nextSerial(),
      notBeforeMs: this.#notBeforeMs,
      notAfterMs: this.#notAfterMs,
      isCa,
      extensions,
    });
    return { name: subject, privateKey, chain: [certificate, ...parent.chain] };
  }

  /** The one issuer of this key. */
  shared(key: string, make: () => Issuer): Issuer {
    const known = this.#issuers.get(key);
    if (known !== undefined) return known;
    const issuer = make();
    this.#issuers.set(key, issuer);
    return issuer;
  }
}

const TITLES: Readonly<Record<ForgedLevel, string>> = {
  software: 'TEE',
  tee: 'TEE',
  strongbox: 'StrongBox',
};

/** A factory batch: every device of a level shares its attestation certificate. */
function factoryIssuer(tree: IssuerTree, title: string): Issuer {
  return tree.shared(`factory ${title}`, () => {
    const batch = tree.issue(tree.root, [
      ['title', title],
      ['serialNumber', 'c0de0000c0de0000'],
    ]);
    return tree.issue(batch, [
      ['title', title],
      ['serialNumber', 'c0de0000c0de0001'],
    ]);
  });
}

/** Remote provisioning: each device has an attestation certificate of its own. */
function remoteIssuer(tree: IssuerTree, title: string, certificatesIssued: number): Issuer {
  const ca3 = tree.shared('remote', () => {
    const ca2 = tree.issue(tree.root, [
      ['O', 'Google LLC'],
      ['CN', 'Droid CA2'],
    ]);
    return tree.issue(ca2, [
      ['O', 'Google LLC'],
      ['CN', 'Droid CA3'],
    ]);
  });
  const name: DistinguishedName = [
    ['CN', randomBytes(16).toString('hex')],
    ['O', title],
  ];
  return tree.issue(ca3, name, [provisioningInfo(certificatesIssued)]);
}

/** What decides who issues a device's attestation certificate. */
type AndroidDevice = Pick<AndroidAttestOptions, 'level' | 'provisioning' | 'certificatesIssued'>;

function androidIssuer(tree: IssuerTree, options: AndroidDevice): Issuer {
  const title = TITLES[options.level ?? 'tee'];
  return options.provisioning === 'factory'
    ? factoryIssuer(tree, title)
    : remoteIssuer(tree, title, options.certificatesIssued ?? 16);
}

/** Apple's marker of certificates that sign receipts. */
const RECEIPT_SIGNER = { oid: '1.2.840.113635.100.12.15', value: Buffer.from([5, 0]) };

/** What is odd about a signer of receipts, so that its receipts are refused. */
export interface OddSigner {
  /** Without Apple's marker. */
  readonly isUnmarked?: boolean;
  readonly extensions?: readonly ExtensionToWrite[];
  /** Under an issuer that is no certificate authority. */
  readonly issuerIsCa?: boolean;
}

/** A signer of receipts under an intermediate, as Apple's is. */
function receiptSigner(tree: IssuerTree, odd: OddSigner = {}): ReceiptSigner {
  const integration = tree.issue(
    tree.root,
    [['CN', 'Test Application Integration CA']],
    [],
    odd.issuerIsCa ?? true,
  );
  const privateKey = createIssuerKey();
  const serial = tree.nextSerial();
  const subject = derName([['CN', 'Test Receipt Signing']]);
  const certificate = issueCertificate({
    issuer: integration,
    subject,
    spki: spkiOf(privateKey),
    serial,
    ...tree.window,
    isCa: false,
    extensions: [...(odd.isUnmarked === true ? [] : [RECEIPT_SIGNER]), ...(odd.extensions ?? [])],
  });
  return {
    name: subject,
    privateKey,
    chain: [certificate, ...integration.chain],
    issuerName: integration.name,
    serial,
  };
}

/** The test CA of a serialised form; throws where it is damaged. */
export function loadTestCa(stored: SerialisedTestCa) {
  const anchor: AnchorSource = { name: stored.name, certificatePem: stored.certificatePem };
  const parsed = readAnchor(anchor);
  const [rootDer] = readPemCertificates(stored.certificatePem) ?? [];
  if (parsed === undefined || rootDer === undefined) throw new TypeError('the test CA is damaged');
  const root: Issuer = {
    name: Buffer.from(parsed.subject),
    privateKey: readIssuerKey(stored.privateKeyPem),
    chain: [],
  };
  const tree = new IssuerTree(root, parsed.notBeforeMs, parsed.notAfterMs);
  let signer: ReceiptSigner | undefined;
  const receipts = () => {
    signer ??= receiptSigner(tree);
    return signer;
  };
  const apple = (isCa = true) =>
    tree.shared(`apple ${isCa}`, () => tree.issue(root, [['CN', 'Test App Attestation CA 1']], [], isCa));
  return {
    /** To be registered as an app's trust anchor. */
    anchor,
    /** To be stored; holds the private key. */
    toJSON: (): SerialisedTestCa => stored,
    appAttest: {
      /** App Attest evidence, as `evidence` of an enrolment. */
      attest: (options: AppAttestOptions) =>
        makeAppAttest(apple(options.intermediateIsCa), receipts(), tree.nextSerial(), options),
      /** An assertion, CBOR. The CA has no part in it. */
      assert: (options: AppAssertOptions) => makeAppAssertion(options),
      /** A receipt, as Apple answers a renewal with. */
      receipt: (options: ReceiptOptions, odd?: OddSigner) =>
        makeReceipt(odd === undefined ? receipts() : receiptSigner(tree, odd), options),
    },
    android: {
      /** A key attestation chain, as `evidence` of an enrolment: of a device of its own. */
      attest: (options: AndroidAttestOptions) =>
        makeKeyAttestation(androidIssuer(tree, options), Buffer.from(rootDer), options),
      /** One device, which attests its keys with the same attestation certificate. */
      device: (of: AndroidDevice) => {
        const issuer = androidIssuer(tree, of);
        return (options: AndroidAttestOptions) => makeKeyAttestation(issuer, Buffer.from(rootDer), options);
      },
      /** An assertion: a signature over the client data. */
      assert: (options: { key: DeviceKey; clientData: Uint8Array }) =>
        signClientData(options.key, options.clientData),
    },
    dev: {
      /** Simulator evidence, as `evidence` of an enrolment. */
      attest: (options: DevAttestOptions) => makeDevEvidence(root, tree.nextSerial(), options),
      assert: (options: { key: DeviceKey; clientData: Uint8Array }) =>
        signClientData(options.key, options.clientData),
    },
    /** Issues an arbitrary certificate under the root, for evidence that must be refused. */
    issue: (to: Omit<Parameters<typeof issueCertificate>[0], 'issuer'>) =>
      issueCertificate({ ...to, issuer: root }),
  };
}

/** A certificate authority whose evidence only its own anchor accepts. */
export type TestCa = ReturnType<typeof loadTestCa>;

/** A new test CA, valid for ten years from a day before `nowMs`. */
export function createTestCa(nowMs: number, name = 'countersign-test-ca'): TestCa {
  return loadTestCa(selfSigned(name, nowMs));
}
