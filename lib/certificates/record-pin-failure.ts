import type { PinFailureKind, PinSet } from '@/lib/contracts';
import { AppError } from '@/lib/core';
import type { Database } from '@/lib/db';
import { judgeFailure, pinsFor } from './judge-failure';
import { readCertificate } from './read-chain';
import { fileFailure, type ReportedFailure } from './store/failures';

/** A failure of pinning as an attested device reports it. */
export interface DeviceReport {
  readonly instanceId: string;
  readonly appId: string;
  readonly host: string;
  /** DER, the leaf first. */
  readonly chain: readonly Uint8Array[];
  readonly network: ReportedFailure['network'];
}

/**
 * Judges and files what a device reports, within the bounds of a day. `pins` are those in force for its app.
 * @throws AppError `origin_not_found` where the app pins no such host, `request_invalid` for what is no certificate
 */
export async function recordPinFailure(
  db: Database,
  report: DeviceReport,
  pins: readonly PinSet[],
  nowMs: number,
): Promise<{ kind: PinFailureKind; isFiled: boolean }> {
  const set = pinsFor(pins, report.host);
  if (set === undefined) throw new AppError('origin_not_found');
  const chain = report.chain.flatMap((der) => readCertificate(der) ?? []);
  const [leaf] = chain;
  if (leaf === undefined || chain.length !== report.chain.length) {
    throw new AppError('request_invalid', { fields: { chain: 'holds something that is no certificate' } });
  }
  const kind = judgeFailure(chain, set, nowMs);
  const { instanceId, appId, network } = report;
  return { kind, isFiled: await fileFailure(db, { instanceId, appId, host: set.host, kind, leaf, network }) };
}
