import type { QueryParams } from '@/components/query/api-fetch';

/** What the list of devices is narrowed to, as the page's URL states it. */
export interface DeviceFilter {
  /** The start of an id, a reference, a network prefix or a part of a model; empty for none. */
  q: string;
  app: readonly string[];
  verdict: readonly string[];
  platform: readonly string[];
  blocked: 'true' | 'false' | null;
}

/** The filter as the parameters of the API. */
export function deviceParams({ q, app, verdict, platform, blocked }: DeviceFilter): QueryParams {
  return {
    ...(q === '' ? {} : { q }),
    ...(app.length === 0 ? {} : { app }),
    ...(verdict.length === 0 ? {} : { verdict }),
    ...(platform.length === 0 ? {} : { platform }),
    ...(blocked === null ? {} : { blocked }),
  };
}

/** Whether anything narrows the list. */
export function isNarrowed(filter: DeviceFilter): boolean {
  return Object.keys(deviceParams(filter)).length > 0;
}
