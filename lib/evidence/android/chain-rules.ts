import { type Certificate, isSignedByRemembered, sameName, spkiFingerprint } from '@/lib/crypto';
import { anchorOfKey, findAnchors, findUnfitIssuers, type Path } from '../chain';
import type { Anchor } from '../context';
import { type Finding, fail, pass, warn } from '../steps';
import { objectionToAttestKey } from './attest-key';
import { KEY_DESCRIPTION_EXTENSION } from './key-description';
import type { Provisioning } from './provisioning';
import { SOFTWARE_ROOT_SPKIS } from './roots';
import { ANDROID_TOLERANCE } from './tolerance';

/** A chain without its root, the root where it was sent, and the anchors that may have signed the rest. */
export interface AnchoredPath {
  readonly path: Path;
  readonly root: Certificate | undefined;
  readonly candidates: readonly Anchor[];
}

/**
 * Step 2: only the leaf may hold a KeyDescription. Any below it would let an attested key act as a certificate authority
 * and describe keys of its own. The one exception is a key that KeyMint keeps for nothing but attesting (`attest-key.ts`).
 */
export function checkExtensionPlacement(chain: Path): Finding<Certificate | undefined> {
  const misplaced = chain.issuers.findIndex(({ extensions }) => extensions.has(KEY_DESCRIPTION_EXTENSION));
  if (misplaced === -1) return pass(undefined, 'No issuer has a key attestation extension.');
  const [attestKey, ...others] = chain.issuers;
  if (
    misplaced > 0 ||
    attestKey === undefined ||
    others.some(({ extensions }) => extensions.has(KEY_DESCRIPTION_EXTENSION))
  )
    return fail(
      'evidence_extension_misplaced',
      `Certificate ${misplaced + 1} has a key attestation extension.`,
    );
  const objection = objectionToAttestKey(chain.leaf, attestKey);
  return objection === undefined
    ? pass(attestKey, 'The leaf was attested by a key of the app that may do nothing else.')
    : fail('evidence_extension_misplaced', `Certificate 1 has a key attestation extension: ${objection}`);
}

/** The last certificate is a pinned key's own: it must be self-signed, and appear nowhere else. */
function withoutRoot(chain: Path, root: Certificate, anchor: Anchor): Finding<AnchoredPath> {
  const issuers = chain.issuers.slice(0, -1);
  const isRepeated = issuers.some(({ spki }) => spkiFingerprint(spki) === anchor.spkiSha256);
  if (isRepeated || !sameName(root.subject, root.issuer))
    return fail('evidence_chain_malformed', 'The pinned root is repeated or not self-issued.');
  if (!isSignedByRemembered(root, anchor.spki))
    return fail('evidence_chain_bad_signature', 'The pinned root is not signed by its own key.');
  return pass(
    { path: { leaf: chain.leaf, issuers }, root, candidates: [anchor] },
    `The chain ends at ${anchor.name}.`,
  );
}

/** Step 1: the chain ends at a pinned key, by its own certificate or by the name of its issuer. */
export function findAndroidAnchors(chain: Path, anchors: readonly Anchor[]): Finding<AnchoredPath> {
  const last = chain.issuers.at(-1) ?? chain.leaf;
  const anchor = anchorOfKey(last, anchors);
  if (anchor !== undefined) return withoutRoot(chain, last, anchor);
  if (SOFTWARE_ROOT_SPKIS.has(spkiFingerprint(last.spki)))
    return fail(
      'evidence_chain_software_root',
      "The chain ends at AOSP's software root, whose key is public.",
    );
  const found = findAnchors(chain, anchors);
  if (found.outcome === 'fail') return found;
  return { ...found, value: { path: chain, root: undefined, candidates: found.value } };
}

/**
 * Issuers are certificate authorities, except that a factory's attestation certificate, the leaf's own issuer, may say
 * CA:FALSE: real Sony and Huawei ones do. Nowhere else: remote provisioning also certifies keys that are not a key
 * store's, such as a virtual machine's, and whoever holds one could describe keys of their own with it.
 */
export function checkAndroidIssuers(path: Path, provisioning: Provisioning): Finding<void> {
  const unfit = findUnfitIssuers(path, ANDROID_TOLERANCE);
  const refused = provisioning === 'factory' ? unfit.find((index) => index > 0) : unfit[0];
  if (refused !== undefined)
    return fail('evidence_chain_issuer_not_ca', `Certificate ${refused + 1} may not issue certificates.`);
  return unfit.length > 0
    ? warn(undefined, 'The attestation certificate is no certificate authority, as on some real devices.')
    : pass(undefined, `${path.issuers.length} issuers, each a certificate authority.`);
}
