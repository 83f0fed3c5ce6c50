import type { Condition, VersionRange } from '@/lib/contracts';

const PLATFORMS = { ios: 'iOS', android: 'Android' } as const;

/** A condition for people, e.g. `iOS, OS 26.6 to below 26.7`. */
export function conditionWords(when: Condition): string {
  const { platform, osVersion, appVersion, models, countries, networkKinds } = when;
  return [
    ...(platform === undefined ? [] : [PLATFORMS[platform]]),
    ...(osVersion === undefined ? [] : [`OS ${rangeWords(osVersion)}`]),
    ...(appVersion === undefined ? [] : [`app ${rangeWords(appVersion)}`]),
    ...(models === undefined ? [] : [`models ${models.join(', ')}`]),
    ...(countries === undefined ? [] : [`in ${countries.join(', ')}`]),
    ...(networkKinds === undefined ? [] : [`networks: ${networkKinds.join(', ')}`]),
  ].join(', ');
}

/** A range for people. */
export function rangeWords({ from, below }: VersionRange): string {
  if (from === undefined) return `below ${below ?? ''}`;
  return below === undefined ? `${from} or newer` : `${from} to below ${below}`;
}
