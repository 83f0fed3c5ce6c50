'use client';

import { type PointerEvent, useRef, useState } from 'react';
import { cx } from '@/components/ui/cx';
import { countryName } from '@/components/ui/domain-labels';
import { formatCount, formatPercent, plural } from '@/components/ui/format';
import { VerdictMark } from '@/components/ui/verdict-mark';
import { CountryShape } from './country-shape';
import type { PreparedWorld, ShadedCountry, WorldOutlines } from './prepare-world-map';
import { useMapCursor } from './use-map-cursor';

export interface WorldMapProps {
  outlines: Pick<WorldOutlines, 'width' | 'height'>;
  world: PreparedWorld;
  /** Codes of the countries that the page is filtered by. */
  selected: readonly string[];
  onToggle: (code: string) => void;
}

/** Where the figures of a country stand, in pixels of the map's box. */
interface Pointed {
  code: string;
  x: number;
  y: number;
}

/**
 * Countries shaded by their attestations. A press filters the page by one; it is one stop of the Tab key, in which arrow
 * keys go from country to country.
 */
export function WorldMap({ outlines, world, selected, onToggle }: WorldMapProps) {
  const box = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<Pointed | null>(null);
  const [focused, setFocused] = useState<Pointed | null>(null);
  const pointed = hovered ?? focused;
  const shown = world.shaded.find(({ code }) => code === pointed?.code);
  const { shaded, rest } = world;
  const { current, keys } = useMapCursor(box, shaded);
  const point = (country: ShadedCountry) => {
    const { width = 0, height = 0 } = box.current?.getBoundingClientRect() ?? {};
    setHovered(null);
    setFocused({
      code: country.code,
      x: (country.x / outlines.width) * width,
      y: (country.y / outlines.height) * height,
    });
  };
  const follow = (event: PointerEvent, country: ShadedCountry) => {
    const { left = 0, top = 0 } = box.current?.getBoundingClientRect() ?? {};
    setHovered({ code: country.code, x: event.clientX - left, y: event.clientY - top });
  };
  return (
    <div ref={box} className="relative">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be drawn */}
      <svg
        viewBox={`0 0 ${outlines.width} ${outlines.height}`}
        role="group"
        aria-label="Countries by attestations"
        onKeyDown={keys}
        className="block h-auto w-full"
      >
        <path d={rest} strokeWidth={1.2} aria-hidden className="fill-raised stroke-line" />
        {shaded.map((country) => (
          <CountryShape
            key={country.code}
            country={country}
            label={describeCountry(country)}
            selected={selected.includes(country.code)}
            faded={selected.length > 0 && !selected.includes(country.code)}
            focusable={country.code === current}
            onToggle={onToggle}
            onFocus={point}
            onBlur={() => setFocused(null)}
            onFollow={follow}
            onLeave={() => setHovered(null)}
          />
        ))}
      </svg>
      {pointed === null || shown === undefined ? null : (
        <CountryTooltip country={shown} x={pointed.x} y={pointed.y} width={box.current?.clientWidth ?? 0} />
      )}
    </div>
  );
}

function describeCountry({ code, events, rejectedShare }: ShadedCountry): string {
  return `${countryName(code)}: ${plural(events, 'attestation')}, ${formatPercent(rejectedShare)} rejected`;
}

const TOOLTIP_WIDTH = 176;

interface CountryTooltipProps extends Omit<Pointed, 'code'> {
  country: ShadedCountry;
  /** Of the map, which it does not leave. */
  width: number;
}

function CountryTooltip({ country, x, y, width }: CountryTooltipProps) {
  const isLow = y > 96;
  return (
    <div
      aria-hidden
      style={{
        left: Math.min(Math.max(x - TOOLTIP_WIDTH / 2, 0), Math.max(width - TOOLTIP_WIDTH, 0)),
        top: y,
      }}
      className={cx(
        'pointer-events-none absolute z-20 w-44 rounded-[8px] border bg-card px-3 py-2 text-sm shadow-overlay',
        isLow ? '-translate-y-[calc(100%+12px)]' : 'translate-y-4',
      )}
    >
      <p className="mb-0.5 truncate font-medium">{countryName(country.code)}</p>
      <dl className="grid grid-cols-[1fr_auto] gap-x-3">
        <dt className="text-dim">Attestations</dt>
        <dd className="text-right">{formatCount(country.events)}</dd>
        <dt className="text-dim">Of all</dt>
        <dd className="text-right">{formatPercent(country.share)}</dd>
        <dt className="flex items-center gap-1.5 text-dim">
          <VerdictMark verdict="rejected" size={8} />
          Rejected
        </dt>
        <dd className="text-right">{formatPercent(country.rejectedShare)}</dd>
      </dl>
    </div>
  );
}
