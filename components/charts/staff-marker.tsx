import { ReferenceLine } from 'recharts';
import type { PreparedMarker } from './prepare-verdicts';

const MARKER_ROW = 15;

/** A change made by staff, as an element of a chart; on a telephone only the tooltip says which. */
export function staffMarker(marker: PreparedMarker) {
  return (
    <ReferenceLine
      key={marker.auditId}
      x={marker.atMs}
      shape={({ x1, y1, y2 }: { x1: number; y1: number; y2: number }) => (
        <Marker marker={marker} x={x1} top={Math.min(y1, y2)} bottom={Math.max(y1, y2)} />
      )}
    />
  );
}

interface MarkerProps {
  marker: PreparedMarker;
  x: number;
  top: number;
  bottom: number;
}

/** A dashed hairline that rises above the plot to its label. */
function Marker({ marker, x, top, bottom }: MarkerProps) {
  const y = top - 8 - (1 - (marker.row ?? 1)) * MARKER_ROW;
  return (
    <g>
      <line x1={x} x2={x} y1={y - 8} y2={bottom} strokeDasharray="3 3" className="stroke-edge" />
      {marker.row === null ? null : (
        <text
          x={x}
          y={y}
          dx={marker.flipped ? -6 : 6}
          textAnchor={marker.flipped ? 'end' : 'start'}
          className="fill-dim stroke-card text-xs max-sm:hidden [paint-order:stroke] [stroke-width:4px]"
        >
          {marker.label}
        </text>
      )}
    </g>
  );
}
