import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { pageContext } from '@/app/api/current-actor';
import { readApiKey } from '@/lib/api-keys';
import { listApps } from '@/lib/apps';
import { mayDo } from '@/lib/auth';
import { AppError } from '@/lib/core';
import { KeyDetail } from './key-detail';

export const metadata: Metadata = { title: 'API key' };

/** One API key: its versions, who has which, and the acts on them. */
export default async function ApiKeyPage({ params }: { params: Promise<{ id: string }> }) {
  const [context, { id }] = await Promise.all([pageContext(), params]);
  if (!z.uuid().safeParse(id).success) notFound();
  const key = await readApiKey(context, { id }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'api_key_not_found') notFound();
    throw error;
  });
  const { apps } = await listApps(context);
  const app = apps.find(({ id: appId }) => appId === key.appId);
  return (
    <KeyDetail
      initial={key}
      appName={app?.name ?? key.appId}
      apis={app?.apis.map((api) => ({ id: api.id, name: api.name })) ?? []}
      mayRotate={mayDo(context.actor, 'api_keys.rotate', key.appId)}
      mayWrite={mayDo(context.actor, 'api_keys.write', key.appId)}
    />
  );
}
