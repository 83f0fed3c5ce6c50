import type {
  Condition,
  ConditionalResponse,
  NetworkKind,
  Platform,
  Response,
  VersionRange,
} from '@/lib/contracts';

/** A condition as it is typed: texts, where the policy has ranges and lists. */
export interface ConditionDraft {
  platform: Platform | '';
  osFrom: string;
  osBelow: string;
  appFrom: string;
  appBelow: string;
  models: string;
  countries: string;
  networkKinds: readonly NetworkKind[];
  response: Response;
}

export function conditionDraftOf(condition: ConditionalResponse | null, response: Response): ConditionDraft {
  const { platform, osVersion, appVersion, models, countries, networkKinds }: Condition =
    condition?.when ?? {};
  return {
    platform: platform ?? '',
    ...{ osFrom: osVersion?.from ?? '', osBelow: osVersion?.below ?? '' },
    ...{ appFrom: appVersion?.from ?? '', appBelow: appVersion?.below ?? '' },
    ...{ models: (models ?? []).join('\n'), countries: (countries ?? []).join(' ') },
    networkKinds: networkKinds ?? [],
    response: condition?.response ?? response,
  };
}

/** The condition that was typed; members that were left empty are not stated. */
export function conditionOf(draft: ConditionDraft): Condition {
  const osVersion = rangeOf(draft.osFrom, draft.osBelow);
  const appVersion = rangeOf(draft.appFrom, draft.appBelow);
  const models = draft.models.split('\n').flatMap((line) => line.trim() || []);
  const countries = draft.countries
    .toUpperCase()
    .split(/[\s,]+/)
    .filter((code) => code !== '');
  return {
    ...(draft.platform === '' ? {} : { platform: draft.platform }),
    ...(osVersion === undefined ? {} : { osVersion }),
    ...(appVersion === undefined ? {} : { appVersion }),
    ...(models.length === 0 ? {} : { models }),
    ...(countries.length === 0 ? {} : { countries }),
    ...(draft.networkKinds.length === 0 ? {} : { networkKinds: [...draft.networkKinds] }),
  };
}

/** A range; `undefined` where neither end was typed. */
export function rangeOf(from: string, below: string): VersionRange | undefined {
  const [first, end] = [from.trim(), below.trim()];
  if (first === '' && end === '') return undefined;
  return { ...(first === '' ? {} : { from: first }), ...(end === '' ? {} : { below: end }) };
}
