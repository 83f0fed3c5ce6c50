import type { ApiKeyEdit, ApiKeyView } from '@/lib/contracts';

/** What somebody is about to make of a key. The secret is empty where the present one stays. */
export interface EditDraft {
  apiIds: readonly string[];
  hookUrl: string;
  hookSecret: string;
}

/** The key as it is. */
export function draftOf({ apiIds, hookUrl }: Pick<ApiKeyView, 'apiIds' | 'hookUrl'>): EditDraft {
  return { apiIds, hookUrl: hookUrl ?? '', hookSecret: '' };
}

/** The draft as the API takes it, on top of the revision that the person saw. */
export function editOf(
  { kind, revision }: Pick<ApiKeyView, 'kind' | 'revision'>,
  { apiIds, hookUrl, hookSecret }: EditDraft,
  reason: string,
): Omit<ApiKeyEdit, 'id'> {
  const about = { basedOn: revision, reason };
  if (kind === 'managed') return { ...about, apiIds: [...apiIds] };
  if (hookUrl === '') return { ...about, hook: null };
  return { ...about, hook: { url: hookUrl, ...(hookSecret === '' ? {} : { secret: hookSecret }) } };
}

/** Whether a draft is anything else than the key. */
export function isChanged(key: Pick<ApiKeyView, 'apiIds' | 'hookUrl'>, draft: EditDraft): boolean {
  const present = draftOf(key);
  return (
    draft.hookSecret !== '' ||
    draft.hookUrl !== present.hookUrl ||
    draft.apiIds.toSorted().join(' ') !== present.apiIds.toSorted().join(' ')
  );
}

/** APIs that begin to check the key, and those that cease to. */
export function movedApis(key: Pick<ApiKeyView, 'apiIds'>, draft: EditDraft) {
  return {
    added: draft.apiIds.filter((id) => !key.apiIds.includes(id)),
    removed: key.apiIds.filter((id) => !draft.apiIds.includes(id)),
  };
}
