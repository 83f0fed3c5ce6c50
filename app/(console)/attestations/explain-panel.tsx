'use client';

import { useState } from 'react';
import { deviceText } from '@/components/attestations/attestation-columns';
import type { ThreatTitles } from '@/components/attestations/explain-reason';
import ExplainSheet from '@/components/attestations/explain-sheet';
import { ExportCase } from '@/components/attestations/export-case';
import { BlockControl } from '@/components/blocks/block-control';
import { type AppScope, type BlockRights, covers } from '@/components/blocks/block-rights';
import { ChangeProof } from '@/components/blocks/change-proof';
import { StandingNotice } from '@/components/blocks/standing-notice';
import { ButtonLink } from '@/components/ui/button-link';
import type { Explanation } from '@/lib/contracts';

export interface ExplainPanelProps {
  event: string;
  titles: ThreatTitles;
  rights: BlockRights;
  mayExportEvidence: AppScope;
  onClose: () => void;
}

/** One attestation, explained, with what can be done about its device. */
export default function ExplainPanel({
  event,
  titles,
  rights,
  mayExportEvidence,
  onClose,
}: ExplainPanelProps) {
  const [changeSeq, setChangeSeq] = useState<number>();
  return (
    <ExplainSheet
      event={event}
      titles={titles}
      onClose={onClose}
      above={(explanation) => (
        <>
          {changeSeq === undefined ? null : (
            <div className="border-b p-3">
              <ChangeProof seq={changeSeq}>committed by you just now</ChangeProof>
            </div>
          )}
          {explanation.isEvidenceArchived && covers(mayExportEvidence, explanation.row.appId) ? (
            <ExportCase row={explanation.row} />
          ) : null}
          {explanation.blocks === null ? null : (
            <div className="grid gap-2 p-3 empty:hidden">
              <StandingNotice standing={explanation.blocks} />
            </div>
          )}
        </>
      )}
      acts={(explanation) => <Acts explanation={explanation} rights={rights} onChanged={setChangeSeq} />}
    />
  );
}

interface ActsProps {
  explanation: Explanation;
  rights: BlockRights;
  onChanged: (seq: number) => void;
}

function Acts({ explanation, rights, onChanged }: ActsProps) {
  const { row, history, activeBlock } = explanation;
  if (row.instanceId === null) {
    return <span className="text-sm text-dim">It came from no enrolled device: there is none to block.</span>;
  }
  return (
    <>
      <ButtonLink href={`/devices/${row.instanceId}`}>Open device</ButtonLink>
      <span className="ml-auto flex">
        <BlockControl
          target={{
            instanceId: row.instanceId,
            appId: row.appId,
            appName: row.appName,
            label: deviceText(row),
            attestations30d: history?.attestations30d,
          }}
          rights={rights}
          activeBlockId={activeBlock?.id ?? null}
          onChanged={onChanged}
        />
      </span>
    </>
  );
}
