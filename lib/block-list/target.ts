import type { BlockScope } from '@/lib/contracts';
import type { ErrorCode } from '@/lib/core';
import { COUNTRY_CODES } from './countries';
import { formatNetwork, parseNetwork } from './network';

/** A target in the one spelling under which it is written down and compared, or what is wrong with it. */
export type ParsedTarget =
  | { ok: true; target: string }
  | { ok: false; code: Extract<ErrorCode, `block_${string}`>; message: string };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const OF_PLATFORM = /^(ios|android)[ /:]+(\S(?:.{0,62}\S)?)$/i;
const APP_ID = /^[a-z0-9-]{2,40}$/;
const LARGEST_ASN = 4_294_967_294;

const ok = (target: string): ParsedTarget => ({ ok: true, target });
const malformed = (message: string): ParsedTarget => ({ ok: false, code: 'block_target_malformed', message });

function digest(text: string): ParsedTarget {
  const hex = text.replaceAll(':', '').toLowerCase();
  return SHA256.test(hex) ? ok(hex) : malformed('is a SHA-256 in hex');
}

function versionOfPlatform(text: string): ParsedTarget {
  const [, platform, version] = OF_PLATFORM.exec(text) ?? [];
  return platform !== undefined && version !== undefined
    ? ok(`${platform.toLowerCase()} ${version}`)
    : malformed('is a platform and a version, like “android 5.4.0”');
}

/** How a target of each scope is read. */
const READ: Readonly<Record<BlockScope, (text: string) => ParsedTarget>> = {
  instance: (text) =>
    UUID.test(text.toLowerCase()) ? ok(text.toLowerCase()) : malformed('is the id of a device'),
  hardware: digest,
  signer: digest,
  app_version: versionOfPlatform,
  os_build: versionOfPlatform,
  app: (text) => (APP_ID.test(text) ? ok(text) : malformed('is the id of an app')),
  network: (text) => {
    const key = parseNetwork(text);
    return key === undefined
      ? {
          ok: false,
          code: 'block_network_malformed',
          message:
            'is a network like 203.0.113.0/24 (/8 to /24) or 2001:db8:1::/48 (/16 to /48), with nothing behind its prefix',
        }
      : ok(formatNetwork(key));
  },
  asn: (text) => {
    const digits = /^(?:AS)?([1-9]\d{0,9})$/i.exec(text)?.[1];
    return digits !== undefined && Number(digits) <= LARGEST_ASN
      ? ok(digits)
      : { ok: false, code: 'block_asn_malformed', message: 'is the number of a network, like AS64500' };
  },
  country: (text) =>
    COUNTRY_CODES.has(text.toUpperCase())
      ? ok(text.toUpperCase())
      : { ok: false, code: 'block_country_unknown', message: 'is no country of ISO 3166-1 (two letters)' },
};

/** Reads what a person typed, or a list says, as the target of a scope. */
export function parseTarget(scope: BlockScope, text: string): ParsedTarget {
  return READ[scope](text.trim());
}

/** Scopes that belong to one app and say nothing without it. */
export const SCOPES_OF_ONE_APP: ReadonlySet<BlockScope> = new Set(['instance', 'app_version', 'app']);

/**
 * Scopes that a token and its caller's address show, so that `authorize` refuses at once. The others are evidence's to
 * show: they are refused with the next attestation, at the latest when the token has run out.
 */
export const SCOPES_AT_AUTHORIZE: ReadonlySet<BlockScope> = new Set([
  'instance',
  'network',
  'asn',
  'country',
  'app',
]);

/** Key under which a version of the app, or of the system, is looked up. */
export function versionTarget(platform: string, version: string): string {
  return `${platform} ${version}`;
}
