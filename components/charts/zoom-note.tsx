import { ZoomOut } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';

export interface ZoomNoteProps {
  /** What the figures are: "per 15 min". */
  unit: string;
  zoomable: boolean;
  /** Goes back to the period before the zoom; absent where nothing is zoomed. */
  onReset?: (() => void) | undefined;
}

/** What a chart over time says at its right end: how to zoom or the way back, and its unit. */
export function ZoomNote({ unit, zoomable, onReset }: ZoomNoteProps) {
  return (
    <span className="flex items-center gap-2">
      {onReset === undefined ? (
        <span className="max-sm:hidden">{zoomable ? 'drag to zoom ·' : ''}</span>
      ) : (
        <Button size="sm" onClick={onReset}>
          <ZoomOut aria-hidden size={13} />
          Reset zoom
          <span className="max-sm:hidden">
            <Kbd>Esc</Kbd>
          </span>
        </Button>
      )}
      {unit}
    </span>
  );
}
