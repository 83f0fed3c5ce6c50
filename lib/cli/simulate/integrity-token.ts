import { sha256 } from '@/lib/core';
import { type PlayIssuer, verdictPayload } from '@/lib/evidence/testing';
import { type DemoApp, versionCodeOf } from '../demo-apps';
import type { EvidenceKind } from './forge-evidence';

/** Google Play as the demo has it: what it says of each kind of phone. */
interface Verdict {
  readonly deviceLabels: readonly string[];
  readonly recognition: string;
}

const ALL = ['MEETS_BASIC_INTEGRITY', 'MEETS_DEVICE_INTEGRITY', 'MEETS_STRONG_INTEGRITY'];

const VERDICTS: Readonly<Record<EvidenceKind | 'leaked', Verdict>> = {
  genuine: { deviceLabels: ALL, recognition: 'PLAY_RECOGNIZED' },
  unlocked: { deviceLabels: ['MEETS_BASIC_INTEGRITY'], recognition: 'PLAY_RECOGNIZED' },
  repackaged: { deviceLabels: ALL, recognition: 'UNRECOGNIZED_VERSION' },
  emulator: { deviceLabels: [], recognition: 'UNEVALUATED' },
  simulator: { deviceLabels: [], recognition: 'PLAY_RECOGNIZED' },
  leaked: { deviceLabels: [], recognition: 'PLAY_RECOGNIZED' },
};

/** SDK version of an Android version of the demo. */
const sdkOf = (osVersion: string) => Number(osVersion) + 20;

/** A classic token over client data, as Google would make it for this phone. */
export function makeIntegrityToken(
  issuer: PlayIssuer,
  phone: {
    app: DemoApp;
    kind: EvidenceKind | 'leaked';
    appVersion: string;
    osVersion: string;
    isSideLoaded: boolean;
    clientData: Uint8Array;
    nowMs: number;
  },
): string {
  return issuer.token(
    verdictPayload({
      ...VERDICTS[phone.kind],
      packageName: phone.app.packageName,
      signerDigest: phone.app.signerDigest,
      versionCode: versionCodeOf(phone.appVersion),
      sdkVersion: sdkOf(phone.osVersion),
      licensing: phone.isSideLoaded ? 'UNLICENSED' : 'LICENSED',
      clientDataHash: sha256(phone.clientData),
      nowMs: phone.nowMs,
      isTestingResponse: true,
    }),
  );
}
