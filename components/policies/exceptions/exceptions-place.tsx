'use client';

import { useQuery } from '@tanstack/react-query';
import { deferred } from '@/components/ui/deferred';
import type { PolicyExceptions } from '@/lib/contracts';
import { exceptionsQuery } from './exception-queries';

const ExceptionsBanner = deferred(() => import('./exceptions-banner'), { onServer: true });

/** The place on every page where what departs from the policies is told; nothing while nothing does. */
export function ExceptionsPlace({ initial }: { initial: PolicyExceptions }) {
  const { data } = useQuery({ ...exceptionsQuery(), initialData: initial });
  return data.exceptions.length === 0 ? null : <ExceptionsBanner exceptions={data.exceptions} />;
}
