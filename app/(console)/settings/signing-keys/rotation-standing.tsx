'use client';

import { ChangeProof } from '@/components/blocks/change-proof';
import { plural } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import { Time } from '@/components/ui/time';
import { useNowMs } from '@/components/ui/use-viewer';
import type { SigningKeyRotation, SigningKeys } from '@/lib/contracts';

/** For how long after it a rotation is still news. */
const RECENT_MS = 15 * 60_000;

/** The rotation that is on its way, or the proof of the last one; and when the next is due. */
export function RotationStanding({
  keys: { rotation, rotateEveryDays, nextRotationAt },
}: {
  keys: SigningKeys;
}) {
  return (
    <>
      {rotation === null ? null : <LastRotation rotation={rotation} />}
      <p className="text-dim">
        {rotateEveryDays === null || nextRotationAt === null ? (
          'No rotations are scheduled: a new key signs only when somebody asks for it.'
        ) : (
          <>
            A new key signs every {plural(rotateEveryDays, 'day')}; the next one from{' '}
            <Time at={nextRotationAt} format="exact" />.
          </>
        )}
      </p>
    </>
  );
}

function LastRotation({ rotation }: { rotation: SigningKeyRotation }) {
  const nowMs = useNowMs();
  const { performedAt, seq, possibleAt, requestedByName, requestedAt, reason } = rotation;
  if (performedAt === null) {
    const waits = possibleAt !== null && nowMs !== null && Date.parse(possibleAt) > nowMs;
    return (
      <Notice tone="flagged" lead="pending">
        Rotation asked for by {requestedByName}, <Time at={requestedAt} />: “{reason}”.{' '}
        {waits ? (
          <>
            The next key signs from <Time at={possibleAt} format="exact" />, when relying parties have had the
            time to fetch it.
          </>
        ) : (
          'The service performs it within seconds.'
        )}
      </Notice>
    );
  }
  if (seq === null || nowMs === null || nowMs - Date.parse(performedAt) > RECENT_MS) return null;
  return (
    <ChangeProof seq={seq}>
      rotation asked for by {requestedByName}, performed <Time at={performedAt} />; reason: “{reason}”
    </ChangeProof>
  );
}
