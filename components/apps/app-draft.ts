import type { AppRegistration, Platform, PolicyTemplate } from '@/lib/contracts';

export type AppEnvironment = AppRegistration['environment'];

/** An app as somebody types it; lists are one entry a line. */
export interface AppDraft {
  name: string;
  /** `null` while it follows the name. */
  id: string | null;
  environment: AppEnvironment;
  appleTeamId: string;
  appleBundleIds: string;
  appleEnvironments: readonly AppEnvironment[];
  androidPackages: string;
  androidSignerDigests: string;
  iosVersions: string;
  androidVersions: string;
  trustAnchors: readonly { name: string; certificatePem: string }[];
  policyTemplate: PolicyTemplate;
}

export const EMPTY_DRAFT: AppDraft = {
  name: '',
  id: null,
  environment: 'production',
  appleTeamId: '',
  appleBundleIds: '',
  appleEnvironments: ['production'],
  androidPackages: '',
  androidSignerDigests: '',
  iosVersions: '',
  androidVersions: '',
  trustAnchors: [],
  policyTemplate: 'balanced',
};

const ID_MAX_LENGTH = 40;

/** A slug for a name: "Retail Bank" gives `retail-bank`. Empty where nothing of the name fits one. */
export function suggestId(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return plain
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, ID_MAX_LENGTH)
    .replaceAll(/^-+|-+$/g, '');
}

/** The entries of a list, typed one a line or between commas. */
export function entriesOf(text: string): string[] {
  return text
    .split(/[\n,]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** A SHA-256 as the tools print it (`SHA256: AB:CD:…`, with or without colons, in either case) as plain lower-case hex. */
export function normaliseDigest(text: string): string {
  return text
    .replace(/^.*sha-?256(?:\s+digest)?\s*[:=]?/i, '')
    .replaceAll(/[:\s-]/g, '')
    .toLowerCase();
}

/** Every digest of a list, normalised, one a line. */
export function normaliseDigests(text: string): string {
  return entriesOf(text).map(normaliseDigest).join('\n');
}

/** The lists of a draft, whose entries errors are told about by their position. */
export function listsOf(draft: AppDraft) {
  return {
    appleBundleIds: entriesOf(draft.appleBundleIds),
    androidPackages: entriesOf(draft.androidPackages),
    androidSignerDigests: entriesOf(draft.androidSignerDigests).map(normaliseDigest),
    iosVersions: entriesOf(draft.iosVersions),
    androidVersions: entriesOf(draft.androidVersions),
  };
}

/** What the API is sent. It decides what is wrong with it; here only the form of things is put right. */
export function toRegistration(draft: AppDraft): AppRegistration {
  const lists = listsOf(draft);
  const team = draft.appleTeamId.trim().toUpperCase();
  const hasApple = team !== '' || lists.appleBundleIds.length > 0;
  return {
    id: draft.id ?? suggestId(draft.name),
    name: draft.name.trim(),
    environment: draft.environment,
    appleTeamId: team === '' ? null : team,
    appleBundleIds: lists.appleBundleIds,
    appleEnvironments: hasApple ? [...draft.appleEnvironments] : [],
    androidPackages: lists.androidPackages,
    androidSignerDigests: lists.androidSignerDigests,
    trustAnchors: draft.environment === 'development' ? [...draft.trustAnchors] : [],
    versions: [...versionsOf('ios', lists.iosVersions), ...versionsOf('android', lists.androidVersions)],
    policyTemplate: draft.policyTemplate,
  };
}

function versionsOf(platform: Platform, versions: readonly string[]): AppRegistration['versions'] {
  return versions.map((version) => ({ platform, version }));
}
