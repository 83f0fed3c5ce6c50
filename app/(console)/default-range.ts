import { cache } from 'react';
import { pageContext } from '@/app/api/current-actor';
import { readDefaultRange } from '@/lib/telemetry/queries';

/** What pages look at where nobody chose a range: for the frame and the page in it the same, read once per request. */
export const defaultRange = cache(async () => readDefaultRange(await pageContext()));
