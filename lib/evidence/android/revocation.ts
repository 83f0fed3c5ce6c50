import type { Check, EvidenceCode } from '@/lib/contracts';
import { type Certificate, decodeUtf8 } from '@/lib/crypto';
import { certificatesOf, type Path } from '../chain';
import type { RevocationEntry, RevocationSnapshot, VerificationContext } from '../context';
import { type Finding, fail, pass, skip, warn } from '../steps';

/** What the check of revocation goes by. */
export type RevocationContext = Pick<
  VerificationContext,
  'nowMs' | 'revocation' | 'revocationRequired' | 'revocationMaxAgeSeconds'
>;

/** Serials are compared in lower case without leading zeros. */
function canonicalSerial(serial: string): string {
  return serial.toLowerCase().replace(/^0+(?=.)/, '');
}

const normalised = new WeakMap<RevocationSnapshot['entries'], ReadonlyMap<string, RevocationEntry>>();

/** The entries under canonical serials; computed once per snapshot. */
function canonicalEntries(entries: RevocationSnapshot['entries']): ReadonlyMap<string, RevocationEntry> {
  const known = normalised.get(entries);
  if (known !== undefined) return known;
  const canonical = new Map<string, RevocationEntry>();
  for (const [serial, entry] of entries) canonical.set(canonicalSerial(serial), entry);
  normalised.set(entries, canonical);
  return canonical;
}

/**
 * The entry of a serial (hexadecimal), looked up in hexadecimal and in decimal: a third of the published keys are
 * decimal serials, although the documentation says hexadecimal.
 */
export function findRevocation(
  entries: RevocationSnapshot['entries'],
  serial: string,
): RevocationEntry | undefined {
  const canonical = canonicalEntries(entries);
  const hex = canonicalSerial(serial);
  return canonical.get(hex) ?? canonical.get(BigInt(`0x${hex}`).toString());
}

/** A clock that was set back must not keep an old list young: the distance counts in both directions. */
function isOutdated(snapshot: RevocationSnapshot, context: RevocationContext): boolean {
  const { revocationMaxAgeSeconds: maxAge, nowMs } = context;
  return maxAge !== null && !(Math.abs(nowMs - snapshot.fetchedAt) <= maxAge * 1000);
}

function wordsOf({ status, reason }: RevocationEntry): string {
  return reason === null ? status : `${status} for ${reason}`;
}

/** Serials of a whole chain, leaf first, the root's included where it was sent. */
export function serialsOf(path: Path, root: Certificate | undefined): string[] {
  return [...certificatesOf(path), ...(root === undefined ? [] : [root])].map(({ serial }) => serial);
}

/** Step 4: no serial of the chain is listed, whatever its status (REVOKED and SUSPENDED alike). */
export function checkRevocation(serials: readonly string[], context: RevocationContext): Finding<void> {
  const { revocation, revocationRequired } = context;
  if (revocation === null) {
    return revocationRequired
      ? fail('evidence_revocation_unavailable', 'There is no revocation list.')
      : skip(undefined, 'There is no revocation list.');
  }
  for (const [index, serial] of serials.entries()) {
    const entry = findRevocation(revocation.entries, serial);
    if (entry !== undefined)
      return fail('evidence_certificate_revoked', `Certificate ${index} is listed as ${wordsOf(entry)}.`);
  }
  if (!isOutdated(revocation, context)) return pass(undefined, 'No certificate is revoked.');
  return revocationRequired
    ? fail('evidence_revocation_unavailable', 'The revocation list is outdated.')
    : warn(undefined, 'No certificate is revoked, by an outdated list.');
}

/** The same check by itself, for a key that was enrolled before; `failure` is `null` unless it is to be refused. */
export function recheckRevocation(
  serials: readonly string[],
  context: RevocationContext,
): { check: Check; failure: EvidenceCode | null } {
  const finding = checkRevocation(serials, context);
  const check = { id: 'revocation', outcome: finding.outcome, detail: finding.detail };
  return { check, failure: finding.outcome === 'fail' ? finding.code : null };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const SERIAL = /^[0-9a-fA-F]{1,64}$/;
/** How the list spells statuses and reasons. They are shown and kept, so that they are nothing else. */
const WORD = /^[A-Z][A-Z_]{0,39}$/;

/** A status that is not known revokes as well: any entry means not to trust the key. */
function readEntry(value: unknown): RevocationEntry | undefined {
  if (!isRecord(value)) return undefined;
  const { status, reason } = value;
  if (typeof status !== 'string' || !WORD.test(status)) return undefined;
  return { status, reason: typeof reason === 'string' && WORD.test(reason) ? reason : null };
}

function parseJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Reads a status list `{entries: {serial: {status, reason?}}}`; `undefined` for anything malformed: fail closed. */
export function parseRevocationList(bytes: Uint8Array, fetchedAt: number): RevocationSnapshot | undefined {
  const list = parseJson(bytes);
  if (!isRecord(list) || !isRecord(list.entries)) return undefined;
  const entries = new Map<string, RevocationEntry>();
  for (const [serial, value] of Object.entries(list.entries)) {
    const entry = readEntry(value);
    if (entry === undefined || !SERIAL.test(serial)) return undefined;
    entries.set(serial, entry);
  }
  return { entries, fetchedAt };
}
