import type { KeyboardEvent, PointerEvent } from 'react';
import { cx } from '@/components/ui/cx';
import type { ShadedCountry, ShadeLevel } from './prepare-world-map';

/** How dark each level is. */
export const SHADES: Readonly<Record<ShadeLevel, string>> = {
  1: 'fill-[color-mix(in_oklab,var(--color-accent)_24%,var(--color-raised))]',
  2: 'fill-[color-mix(in_oklab,var(--color-accent)_40%,var(--color-raised))]',
  3: 'fill-[color-mix(in_oklab,var(--color-accent)_56%,var(--color-raised))]',
  4: 'fill-[color-mix(in_oklab,var(--color-accent)_76%,var(--color-raised))]',
  5: 'fill-accent',
};

/** On a telephone the map is a fifth as wide as it is drawn. */
const LARGER_WHEN_NARROW = 'origin-center [transform-box:fill-box] max-sm:scale-200';

export interface CountryShapeProps {
  country: ShadedCountry;
  /** The country and its figures, for assistive technology. */
  label: string;
  selected: boolean;
  /** Whether others are selected and this one is not. */
  faded: boolean;
  /** Whether the Tab key stops at it. */
  focusable: boolean;
  onToggle: (code: string) => void;
  /** Called when a key has brought the focus here. */
  onFocus: (country: ShadedCountry) => void;
  onBlur: () => void;
  onFollow: (event: PointerEvent, country: ShadedCountry) => void;
  onLeave: () => void;
}

/** The mark of rejected attestations, over a country that has many of them. */
function RejectedMark({ x, y, small = false }: Pick<ShadedCountry, 'x' | 'y' | 'small'>) {
  const edge = small ? 8 : 12;
  return (
    <rect
      x={x - edge / 2}
      y={y - edge / 2}
      width={edge}
      height={edge}
      strokeWidth={2}
      className={cx('fill-rejected stroke-card', LARGER_WHEN_NARROW)}
    />
  );
}

/** One country on the map, to be pressed; a dot as well where its outline is too small. */
export function CountryShape({ country, label, selected, faded, focusable, ...on }: CountryShapeProps) {
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    on.onToggle(country.code);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button
    <g
      role="button"
      tabIndex={focusable ? 0 : -1}
      aria-pressed={selected}
      aria-label={label}
      data-country={country.code}
      onClick={() => on.onToggle(country.code)}
      onKeyDown={press}
      onFocus={(event) => {
        if (event.currentTarget.matches(':focus-visible')) on.onFocus(country);
      }}
      onBlur={on.onBlur}
      onPointerMove={(event) => on.onFollow(event, country)}
      onPointerLeave={on.onLeave}
      strokeWidth={1.2}
      className={cx(
        'cursor-pointer transition-opacity hover:stroke-ink hover:[stroke-width:3] focus-visible:stroke-ink focus-visible:outline-none focus-visible:[stroke-width:4]',
        selected ? 'stroke-ink [stroke-width:3]' : 'stroke-card',
        SHADES[country.level],
        faded && 'opacity-35',
      )}
    >
      <path d={country.path} strokeLinejoin="round" />
      {country.small === true ? (
        <circle cx={country.x} cy={country.y} r={7} className={LARGER_WHEN_NARROW} />
      ) : null}
      {country.manyRejected ? <RejectedMark {...country} /> : null}
    </g>
  );
}
