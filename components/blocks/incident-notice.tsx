import { Button } from '@/components/ui/button';
import { Notice } from '@/components/ui/notice';

/** Says that the list shows what was decided in one incident, and leads back to all of it. */
export function IncidentNotice({ incident, onShowAll }: { incident: string; onShowAll: () => void }) {
  return (
    <Notice
      tone="unknown"
      lead="one incident"
      actions={
        <Button size="sm" onClick={onShowAll}>
          Show all
        </Button>
      }
    >
      The list shows what was decided in <span className="break-all font-mono">{incident}</span>.
    </Notice>
  );
}
