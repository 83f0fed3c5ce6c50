import {
  POLICY_SCHEMA_VERSION,
  type Policy,
  type PolicyRequirements,
  type PolicyTemplate,
  type Response,
  type ThreatId,
} from '@/lib/contracts';

/** Response per threat and template: [permissive, balanced, strict]. */
const RESPONSES: Readonly<Record<ThreatId, readonly [Response, Response, Response]>> = {
  privileged_access: ['observe', 'restrict', 'reject'],
  hooks: ['flag', 'reject', 'reject'],
  debugger: ['observe', 'reject', 'reject'],
  emulator: ['flag', 'reject', 'reject'],
  app_integrity: ['flag', 'reject', 'reject'],
  unofficial_store: ['observe', 'flag', 'reject'],
  multi_instance: ['observe', 'flag', 'reject'],
  device_binding: ['flag', 'restrict', 'reject'],
  device_id_changed: ['observe', 'flag', 'restrict'],
  malware: ['observe', 'restrict', 'reject'],
  automation: ['observe', 'flag', 'restrict'],
  secure_hardware_missing: ['observe', 'flag', 'reject'],
  passcode_missing: ['observe', 'observe', 'flag'],
  developer_mode: ['ignore', 'observe', 'flag'],
  adb_enabled: ['observe', 'observe', 'flag'],
  system_vpn: ['ignore', 'observe', 'observe'],
  unsecure_wifi: ['ignore', 'observe', 'flag'],
  time_spoofing: ['observe', 'flag', 'restrict'],
  location_spoofing: ['observe', 'flag', 'restrict'],
  screenshot: ['ignore', 'observe', 'observe'],
  screen_recording: ['observe', 'observe', 'flag'],
  obfuscation_issues: ['observe', 'observe', 'observe'],
  bootloader_unlocked: ['observe', 'restrict', 'reject'],
  verified_boot_failed: ['observe', 'restrict', 'reject'],
  software_attestation: ['flag', 'reject', 'reject'],
  attestation_key_revoked: ['reject', 'reject', 'reject'],
  // Many genuine devices no longer get patches: which age is too old is the owner's decision, so none is made here.
  patch_level_stale: ['observe', 'observe', 'observe'],
  app_identity_mismatch: ['reject', 'reject', 'reject'],
  app_version_unknown: ['observe', 'flag', 'reject'],
  app_version_unsupported: ['flag', 'restrict', 'reject'],
  os_version_unsupported: ['observe', 'flag', 'reject'],
  // An app that is not registered in a development environment fails verification before a policy is asked.
  development_environment: ['observe', 'flag', 'reject'],
  integrity_verdict_low: ['observe', 'restrict', 'reject'],
  sources_disagree: ['observe', 'flag', 'restrict'],
  signature_invalid: ['reject', 'reject', 'reject'],
  challenge_replayed: ['reject', 'reject', 'reject'],
  counter_rollback: ['reject', 'reject', 'reject'],
  evidence_malformed: ['reject', 'reject', 'reject'],
  evidence_untrusted: ['reject', 'reject', 'reject'],
  pin_mismatch: ['flag', 'restrict', 'reject'],
  hosting_network: ['observe', 'flag', 'flag'],
  evidence_stale: ['observe', 'flag', 'reject'],
  unattested_request: ['observe', 'reject', 'reject'],
  blocked: ['reject', 'reject', 'reject'],
};

const DAY_SECONDS = 86_400;

/** The same facts are raised by every template, so that the console shows what a harsher one would do. */
const REQUIREMENTS: Omit<PolicyRequirements, 'maxEvidenceAgeSeconds'> = {
  environment: 'production',
  securityLevel: 'tee',
  verifiedBoot: true,
  maxPatchAgeDays: 365,
  registeredVersion: true,
};

function template(
  column: 0 | 1 | 2,
  settings: { maxEvidenceAgeSeconds: number; tokenTtlSeconds: number },
): Policy {
  return {
    schema: POLICY_SCHEMA_VERSION,
    threats: Object.fromEntries(Object.entries(RESPONSES).map(([id, row]) => [id, row[column]])),
    requirements: { ...REQUIREMENTS, maxEvidenceAgeSeconds: settings.maxEvidenceAgeSeconds },
    tokenTtlSeconds: settings.tokenTtlSeconds,
  };
}

/**
 * The built-in policies. `permissive` refuses forgery and watches the rest, for a roll-out; `balanced` refuses what
 * takes the app over; `strict` trusts production apps on hardware keys and verified boot only.
 */
export const TEMPLATES: Readonly<Record<PolicyTemplate, Policy>> = {
  permissive: template(0, { maxEvidenceAgeSeconds: 90 * DAY_SECONDS, tokenTtlSeconds: 600 }),
  balanced: template(1, { maxEvidenceAgeSeconds: 30 * DAY_SECONDS, tokenTtlSeconds: 300 }),
  strict: template(2, { maxEvidenceAgeSeconds: 7 * DAY_SECONDS, tokenTtlSeconds: 300 }),
};
