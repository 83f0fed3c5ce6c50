import { withParams } from '@/components/query/api-fetch';

/** The page of an app; `tab` and `change` (whose proof is shown) are optional. */
export function appHref(id: string, params: { tab?: string; change?: number } = {}): string {
  return withParams(`/apps/${encodeURIComponent(id)}`, { tab: params.tab, change: params.change });
}

/** An app's attestations of the last day, of one deciding threat if given. */
export function appAttestationsHref(id: string, threat?: string): string {
  return withParams('/attestations', { range: '24h', app: id, threat });
}

/** An app's devices. */
export function appDevicesHref(id: string): string {
  return withParams('/devices', { app: id });
}
