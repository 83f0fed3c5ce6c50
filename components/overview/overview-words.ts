import { networkKindLabel } from '@/components/ui/domain-labels';
import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type { DecisionOutcome, NetworkKind } from '@/lib/contracts';

/** What a kind of network means, where its name leaves that open. */
const NETWORK_MEANINGS: Readonly<Record<NetworkKind | '', string>> = {
  access: 'internet access for people and offices',
  hosting: 'servers and clouds, where people seldom are',
  anonymiser: 'the address hides where the device is',
  private: 'addresses that the internet does not know',
  unknown: 'no data set knows the address',
  '': 'the address was not kept',
};

export interface NetworkWords {
  label: string;
  meaning: string;
}

/** A kind of network for people; one that is new here is shown by its name. */
export function networkWords(kind: string): NetworkWords {
  return { label: networkKindLabel(kind), meaning: NETWORK_MEANINGS[kind as NetworkKind] ?? kind };
}

/** What each answer to a relying party is called, what it means, and the mark that it has. */
const OUTCOMES: Readonly<Record<DecisionOutcome, OutcomeWords>> = {
  valid: { label: 'Valid', meaning: 'The token is good.', mark: 'trusted' },
  missing: { label: 'No token', meaning: 'The request brought no token.', mark: 'rejected' },
  malformed: { label: 'Malformed', meaning: 'What the request brought is no token.', mark: 'rejected' },
  bad_signature: { label: 'Bad signature', meaning: 'The signature does not verify.', mark: 'rejected' },
  expired: { label: 'Expired', meaning: 'The token’s time was over, or had not come.', mark: 'flagged' },
  wrong_audience: { label: 'Wrong audience', meaning: 'A token of another app or issuer.', mark: 'rejected' },
  blocked: { label: 'Device blocked', meaning: 'The device is blocked.', mark: 'rejected' },
  revoked: { label: 'Revoked', meaning: 'A cut-off revoked the token.', mark: 'rejected' },
  binding_mismatch: {
    label: 'Other credentials',
    meaning: 'The token is bound to other credentials than the request’s.',
    mark: 'rejected',
  },
  api_key_missing: { label: 'No API key', meaning: 'The API key was not presented.', mark: 'rejected' },
  api_key_wrong: { label: 'Wrong API key', meaning: 'The API key is not the app’s.', mark: 'rejected' },
  api_key_revoked: {
    label: 'Revoked API key',
    meaning: 'The API key has been revoked; whoever presents it should have another by now.',
    mark: 'rejected',
  },
  replayed: { label: 'Replayed', meaning: 'The same request was seen before.', mark: 'rejected' },
  stale: { label: 'Stale node', meaning: 'The node had not heard of changes for 60 s.', mark: 'flagged' },
};

export interface OutcomeWords {
  label: string;
  meaning: string;
  mark: MarkedVerdict;
}

/** An outcome of the API's door for people; one that is new here is shown by its name. */
export function outcomeWords(outcome: string): OutcomeWords {
  return OUTCOMES[outcome as DecisionOutcome] ?? { label: outcome, meaning: outcome, mark: 'unknown' };
}

/** Threats in a word or two, for the heads of narrow columns. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  privileged_access: 'Rooted',
  hooks: 'Hooks',
  debugger: 'Debugger',
  emulator: 'Emulator',
  app_integrity: 'Repackaged',
  unofficial_store: 'Store',
  multi_instance: 'Cloned app',
  device_binding: 'Binding',
  device_id_changed: 'Device id',
  malware: 'Malware',
  automation: 'Automation',
  secure_hardware_missing: 'No hardware',
  passcode_missing: 'No passcode',
  developer_mode: 'Dev mode',
  adb_enabled: 'ADB',
  system_vpn: 'VPN',
  unsecure_wifi: 'Wi-Fi',
  time_spoofing: 'Time',
  location_spoofing: 'Location',
  screenshot: 'Screenshot',
  screen_recording: 'Recording',
  obfuscation_issues: 'Obfuscation',
  bootloader_unlocked: 'Bootloader',
  verified_boot_failed: 'Boot state',
  software_attestation: 'Software key',
  attestation_key_revoked: 'Revoked key',
  patch_level_stale: 'Patch level',
  app_identity_mismatch: 'Identity',
  app_version_unknown: 'Version',
  app_version_unsupported: 'Old version',
  os_version_unsupported: 'Old OS',
  policy_rule: 'Own rule',
  policy_rule_failed: 'Failed rule',
  policy_unsupported: 'New policy',
  development_environment: 'Dev evidence',
  integrity_verdict_low: 'Integrity',
  sources_disagree: 'Disagreement',
  signature_invalid: 'Signature',
  challenge_replayed: 'Replay',
  counter_rollback: 'Counter',
  evidence_malformed: 'Malformed',
  evidence_untrusted: 'Untrusted',
  pin_mismatch: 'Pin',
  hosting_network: 'Hosting',
  evidence_stale: 'Stale',
  unattested_request: 'Unattested',
  blocked: 'Blocked',
};

/** A threat in a word or two; one that is new here is shown by its id. */
export function threatShortName(threat: string): string {
  return SHORT_NAMES[threat] ?? threat;
}
