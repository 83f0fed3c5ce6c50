import { Notice } from '@/components/ui/notice';
import type { BlockStanding, BlockView } from '@/lib/contracts';
import { decisionWords } from './block-words';

/**
 * What blocks and allowlist entries make of a device: "would be refused by …, lifted by …". Nothing where none of them
 * concerns it, or only a block of its own, which its page shows anyway.
 */
export function StandingNotice({ standing }: { standing: BlockStanding }) {
  const { refusedBy, liftedBy, simulated } = standing;
  const isOwn = refusedBy !== null && refusedBy.scope === 'instance' && liftedBy === null;
  return (
    <>
      {refusedBy === null || isOwn ? null : (
        <Notice
          tone={liftedBy === null ? 'rejected' : 'flagged'}
          lead={liftedBy === null ? 'refused' : 'let past'}
        >
          {liftedBy === null ? 'Refused by the ' : 'Would be refused by the '}
          {told(refusedBy)}
          {liftedBy === null ? '.' : ', lifted by the '}
          {liftedBy === null ? null : `${told(liftedBy)}, for which ${liftedBy.owner ?? 'nobody'} answers.`}
        </Notice>
      )}
      {simulated.map((block) => (
        <Notice key={block.id} tone="unknown" lead="simulation">
          Would be refused by the {told(block)}, if that were in force.
        </Notice>
      ))}
    </>
  );
}

function told(block: BlockView): string {
  const incident = block.incident === null ? '' : `, ${block.incident}`;
  return `${decisionWords(block)} (“${block.reason}”, ${block.createdByName}${incident})`;
}
