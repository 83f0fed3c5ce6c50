import type { MarkedVerdict } from '@/components/ui/verdict-mark';
import type {
  CertificateFinding,
  OriginView,
  PinFailureGroup,
  PinFailureKind,
  PinProblem,
  PinSource,
  ProbeOutcome,
  RotationState,
} from '@/lib/contracts';

/** The span over which devices are counted, as sentences name it. */
export const ADOPTION_SPAN = 'the last 7 days';

/** What a probe ended with, as a sentence. */
export const OUTCOME_TEXT: Readonly<Record<ProbeOutcome, string>> = {
  ok: 'The chain was read.',
  name_not_found: 'The name does not resolve.',
  address_refused: 'The name resolves to a private address, which probes may not connect to.',
  connection_refused: 'The server refuses connections.',
  host_unreachable: 'The server cannot be reached.',
  connect_timeout: 'The server does not answer.',
  handshake_timeout: 'The server accepted the connection and then said nothing.',
  connection_closed: 'The server closed the connection.',
  not_tls: 'What answers there does not speak TLS.',
  chain_too_large: 'The server sent more than any certificate chain needs.',
  chain_unreadable: 'A certificate of the chain cannot be read.',
  handshake_failed: 'The TLS handshake failed.',
};

export const FINDING_TEXT: Readonly<Record<CertificateFinding, string>> = {
  expired: 'A certificate of the chain has expired.',
  not_yet_valid: 'A certificate of the chain is not valid yet.',
  wrong_name: 'The certificate is for another name.',
  untrusted_issuer: 'The chain leads to no authority that this machine knows.',
};

export const PROBLEM_TEXT: Readonly<Record<PinProblem, string>> = {
  no_match: 'No pin is in the chain that the server presents: devices refuse it.',
  no_backup: 'There is no backup pin: if the server loses its key, devices cannot be helped.',
  never_probed: 'The server’s chain has not been read yet, so the pins could not be checked.',
};

export const SOURCE_LABEL: Readonly<Record<PinSource, string>> = {
  certificate: 'certificate',
  csr: 'certificate request',
  public_key: 'public key',
  digest: 'digest',
  probe: 'probe',
};

export const KIND_LABEL: Readonly<Record<PinFailureKind, { label: string; tone: MarkedVerdict }>> = {
  mismatch: { label: 'mismatch', tone: 'rejected' },
  expired: { label: 'expired', tone: 'flagged' },
  outdated_pins: { label: 'outdated pins', tone: 'restricted' },
};

/** What a group of failures most likely is. */
export function failureMeaning({ kind, seenBy }: Pick<PinFailureGroup, 'kind' | 'seenBy'>): string {
  if (kind === 'expired') return 'The key is pinned, and its certificate has run out: renew it.';
  if (kind === 'outdated_pins') return 'The key is pinned now. These devices hold an older configuration.';
  if (seenBy === 'server') return 'The server itself presents this key, and no pin names it.';
  return seenBy === 'one_network'
    ? 'Only this network presents the key: somebody intercepts the traffic there.'
    : 'Several networks present the key, and the server does not: interception on a larger scale.';
}

const STATE_LABEL: Readonly<Record<RotationState, string>> = {
  adopting: 'devices fetch the new pin',
  switching: 'waiting for the server',
  confirmed: 'switch confirmed',
  finished: 'finished',
  cancelled: 'cancelled',
};

export function stateLabel(state: RotationState): string {
  return STATE_LABEL[state];
}

/** How an origin stands at a glance, the worst first. */
export function standingOf(origin: OriginView): { tone: MarkedVerdict; label: string } {
  const { probe, pinSet, problems, expiryWarning } = origin;
  const isEnforced = pinSet !== null && pinSet.pins.length > 0 && !pinSet.reportOnly;
  if (problems.includes('no_match'))
    return { tone: isEnforced ? 'rejected' : 'flagged', label: 'no pin matches' };
  if (expiryWarning === 'expired') return { tone: 'rejected', label: 'expired' };
  if (probe !== null && probe.outcome !== 'ok') return { tone: 'flagged', label: 'not reached' };
  if (probe?.findings.includes('wrong_name') === true) return { tone: 'flagged', label: 'wrong name' };
  if (problems.includes('no_backup')) return { tone: 'flagged', label: 'no backup' };
  if (expiryWarning !== null)
    return { tone: 'flagged', label: `expires within ${expiryWarning.slice(0, -1)} days` };
  if (probe === null) return { tone: 'unknown', label: 'not probed yet' };
  if (pinSet === null || pinSet.pins.length === 0) return { tone: 'unknown', label: 'not pinned' };
  return { tone: 'trusted', label: pinSet.reportOnly ? 'matches, report only' : 'matches' };
}

/** A pin short enough for a row. */
export function shortPin(pin: string): string {
  return `${pin.slice(0, 10)}…`;
}

/** The common name of a subject such as "CN=api.example.com, O=Example"; the whole of it where there is none. */
export function commonName(subject: string): string {
  return /(?:^|, )CN=([^,]+)/.exec(subject)?.[1] ?? (subject === '' ? 'no subject' : subject);
}
