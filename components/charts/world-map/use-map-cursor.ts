'use client';

import { type KeyboardEvent, type RefObject, useState } from 'react';
import { DIRECTION_OF_KEY, neighbour, type ShadedCountry } from './prepare-world-map';

/**
 * Which country the Tab key stops at, and the keys that go on from it: arrows to the nearest one on that side, Home to the
 * one with the most attestations.
 */
export function useMapCursor(box: RefObject<HTMLElement | null>, countries: readonly ShadedCountry[]) {
  const [code, setCode] = useState<string>();
  const current = countries.find((country) => country.code === code) ?? countries[0];
  const keys = (event: KeyboardEvent) => {
    const direction = DIRECTION_OF_KEY[event.key];
    if (current === undefined || (direction === undefined && event.key !== 'Home')) return;
    event.preventDefault();
    const next = direction === undefined ? countries[0] : neighbour(countries, current, direction);
    if (next === undefined) return;
    setCode(next.code);
    box.current?.querySelector<SVGElement>(`[data-country="${next.code}"]`)?.focus();
  };
  return { current: current?.code, keys };
}
