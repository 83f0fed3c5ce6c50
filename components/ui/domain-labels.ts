const PLATFORMS: Readonly<Record<string, string>> = { ios: 'iOS', android: 'Android' };

/** "iOS", "Android"; "unknown" where evidence did not tell. */
export function platformLabel(platform: string): string {
  return PLATFORMS[platform] ?? 'unknown';
}

const FORMATS: Readonly<Record<string, string>> = {
  'apple-app-attest': 'Apple App Attest',
  'android-key-attestation': 'Android key attestation',
  dev: 'Development simulator',
};

/** An evidence format by its vendor's name for it. */
export function formatLabel(format: string): string {
  return FORMATS[format] ?? format;
}

const SECURITY_LEVELS: Readonly<Record<string, string>> = {
  software: 'Software',
  tee: 'Trusted execution environment',
  strongbox: 'StrongBox',
  secure_enclave: 'Secure Enclave',
};

/** Where an attested key lives. */
export function securityLevelLabel(level: string): string {
  return SECURITY_LEVELS[level] ?? level;
}

let regions: Intl.DisplayNames | undefined;

/** "United Kingdom" for `GB`; "Unknown" without a code, the code itself where it is not one. */
export function countryName(code: string | null): string {
  if (code === null || code === '') return 'Unknown';
  regions ??= new Intl.DisplayNames('en-GB', { type: 'region' });
  try {
    return regions.of(code) ?? code;
  } catch {
    return code;
  }
}

const NETWORK_KINDS: Readonly<Record<string, string>> = {
  access: 'Access ISP',
  hosting: 'Data centre',
  anonymiser: 'VPN or Tor',
  private: 'Private',
  unknown: 'Unknown',
  '': 'Not recorded',
};

/** What kind of network an address belongs to, in plain words: where people live and work, where servers stand, and so on. */
export function networkKindLabel(kind: string): string {
  return NETWORK_KINDS[kind] ?? kind;
}
