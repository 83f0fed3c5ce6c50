import type { AuditRow } from '@/lib/contracts';

/** Every act that is recorded, as a person would say it. */
export const ACTION_WORDS: Readonly<Record<string, string>> = {
  'session.create': 'signed in',
  'session.revoke': 'ended a session',
  'session.revoke_others': 'ended all other sessions',
  'session.step_up': 'confirmed the password',
  'session.step_up_refused': 'failed to confirm the password',
  'view.save': 'saved a view',
  'view.delete': 'deleted a view',
  'staff.create': 'added a staff member',
  'staff.change_password': 'changed the password',
  'staff.sign_in_locked': 'locked the sign-in after failures',
  'setup_token.create': 'made a setup link',
  'setup.complete': 'set up the first administrator',
  'app.register': 'registered an app',
  'app_config.raise': 'raised the version of an app’s configuration after a restore',
  'app.set_retention': 'changed how long telemetry is kept',
  'app.set_integrity': 'set how Play Integrity is read',
  'app.set_evidence_archive': 'set the archive of raw evidence',
  'evidence.export': 'exported archived evidence',
  'api.register': 'registered a protected API',
  'relying_party.register': 'registered a relying party',
  'relying_party.remove': 'removed a relying party',
  'app.minimum_versions': 'set the oldest app versions that are let in',
  'policy.publish': 'published a policy at once',
  'policy.revert': 'put an earlier policy into force again',
  'policy.settings': 'set what an app’s policy needs before it is published',
  'policy.draft_save': 'saved a draft of a policy',
  'policy.draft_discard': 'discarded a draft of a policy',
  'policy.draft_approve': 'approved a draft of a policy',
  'policy.draft_inherit': 'brought a draft of a policy up to the baseline',
  'policy_rollout.start': 'began to roll out a policy',
  'policy_rollout.advance': 'took a rollout of a policy to its next stage',
  'policy_rollout.stop': 'stopped a rollout of a policy',
  'policy_rollout.revert': 'stopped a rollout of a policy that rejected too many',
  'policy_baseline.publish': 'published the baseline of policies',
  'signal.quarantine': 'put a signal in quarantine',
  'signal.release': 'ended a quarantine of a signal',
  'block.create': 'blocked something',
  'block.simulate': 'simulated a block',
  'block.allow': 'put something on the allowlist',
  'block.lift': 'lifted a block',
  'block.disallow': 'took something off the allowlist',
  'block_rule.create': 'made a rule that blocks',
  'block_rule.edit': 'changed a rule that blocks',
  'block_rule.pause': 'paused a rule that blocks',
  'block_rule.resume': 'had a rule that blocks go on',
  'block_rule.delete': 'deleted a rule that blocks',
  'device.erase': 'erased a device',
  'device.reenrol': 'had a device enrol anew',
  'block_rule.lift': 'lifted what a rule had blocked',
  'block_rule.apply': 'blocked by a rule',
  'block_rule.stop': 'stopped itself: it would have blocked too many',
  'block.bulk': 'began to block many devices',
  'block.bulk_step': 'blocked devices in bulk',
  'block.bulk_undo': 'undid blocks in bulk',
  'block.import': 'imported a list of blocks',
  'signing_key.create': 'created a signing key',
  'signing_key.activate': 'let a signing key take over',
  'signing_key.retire': 'retired a signing key',
  'signing_key.revoke': 'revoked a signing key',
  'signing_key.restore_revocation': 'revoked a signing key again after a restore',
  'signing_key.request_rotation': 'asked for a rotation of the signing key',
  'signing_key.schedule': 'scheduled rotations of the signing key',
  'app_attest_key.set': 'set the key for App Attest receipts',
  'app_attest_key.remove': 'removed the key for App Attest receipts',
  'status_list.set_max_age': 'set how old the list of revoked keys may be',
  'status_list.check': 'asked for the list of revoked keys',
  'cut_off.create': 'cut off tokens',
  'cut_off.restore': 'restored a cut-off of tokens',
  'api_key.create': 'added an API key',
  'api_key.rotate': 'rotated an API key',
  'api_key.request_rotation': 'asked a hook to rotate an API key',
  'api_key.stage': 'staged a version of an API key',
  'api_key.discard': 'discarded a version of an API key',
  'api_key.retire': 'retired a version of an API key',
  'api_key.revoke': 'revoked a version of an API key',
  'api_key.end_grace': 'ended the grace of an API key',
  'api_key.edit': 'changed what an API key is for',
  'api_key.require': 'required an API key',
  'api_key.observe': 'stopped requiring an API key',
  'origin.register': 'registered a protected origin',
  'origin.remove': 'removed a protected origin',
  'origin.probe': 'probed an origin',
  'pins.publish': 'published a pin set',
  'pin_rotation.start': 'began a rotation of pins',
  'pin_rotation.switch': 'said that the certificate was switched',
  'pin_rotation.confirm': 'confirmed a new certificate by a probe',
  'pin_rotation.reopen': 'opened a rotation of pins again',
  'pin_rotation.retire': 'retired the old pin of a rotation',
  'pin_rotation.cancel': 'cancelled a rotation of pins',
};

const KIND_WORDS: Readonly<Record<string, string>> = {
  instance: 'device',
  hardware: 'attestation key',
  network: 'network',
  app_version: 'app version',
  os_build: 'OS version',
  asn: 'operator of a network',
  signer: 'signing certificate',
  country: 'country',
  block_batch: 'bulk act',
  block_rule: 'rule that blocks',
  relying_party: 'relying party',
  app: 'app',
  api: 'API',
  policy: 'policy',
  policy_draft: 'draft of the policy',
  policy_baseline: 'baseline of policies',
  threat: 'threat',
  session: 'session',
  staff: 'staff member',
  setup_token: 'setup link',
  signing_key: 'signing key',
  status_list: 'list of revoked keys',
  organisation: 'organisation',
  api_key: 'API key',
};

/** An act in words; one that is not known by its verb. */
export function actionWords(action: string): string {
  return ACTION_WORDS[action] ?? action;
}

/** What is shown of a target: what it is, its name, and where it is to be seen. */
export interface AuditTarget {
  kind: string;
  text: string;
  /** `null` where the console has no page for it. */
  href: string | null;
}

const HREFS: Readonly<Record<string, (row: AuditRow) => string | null>> = {
  instance: (row) => `/devices/${encodeURIComponent(row.targetId)}`,
  api_key: (row) => `/api-keys/${encodeURIComponent(row.targetId)}`,
  block_batch: (row) => `/blocks?${new URLSearchParams({ batch: row.targetId, state: 'all' })}`,
  app: (row) => `/apps/${encodeURIComponent(row.targetId)}`,
  policy: (row) => policyHref(row, '/history'),
  policy_baseline: () => '/policies/baseline',
  policy_draft: (row) => policyHref(row, ''),
  threat: (row) => policyHref(row, '/quarantines'),
  api: appHref,
  signing_key: () => '/settings/signing-keys',
  status_list: () => '/settings/evidence-sources',
};

function policyHref({ appId }: AuditRow, page: string): string | null {
  return appId === null ? null : `/policies/${encodeURIComponent(appId)}${page}`;
}

function appHref({ appId }: AuditRow): string | null {
  return appId === null ? null : `/apps/${encodeURIComponent(appId)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The target of an act. Long ids are cut in the middle. */
export function auditTarget(row: AuditRow): AuditTarget {
  const { targetKind, targetId } = row;
  return {
    kind: KIND_WORDS[targetKind] ?? targetKind,
    text: UUID.test(targetId) ? `${targetId.slice(0, 8)}…${targetId.slice(-4)}` : targetId,
    href: HREFS[targetKind]?.(row) ?? null,
  };
}

/** `durationSeconds` as "Duration seconds". */
function memberLabel(name: string): string {
  const words = name
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function memberText(value: unknown): string {
  if (value === null) return 'none';
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ');
  return JSON.stringify(value);
}

/** Everything that a row tells besides what its line shows. */
export function auditDetail(row: AuditRow): { label: string; text: string }[] {
  return [
    { label: 'Entry', text: String(row.id) },
    { label: 'Verb', text: row.action },
    { label: 'Target id', text: row.targetId },
    ...(row.appId === null ? [] : [{ label: 'App id', text: row.appId }]),
    ...Object.entries(row.detail).map(([name, value]) => ({
      label: memberLabel(name),
      text: memberText(value),
    })),
  ];
}
