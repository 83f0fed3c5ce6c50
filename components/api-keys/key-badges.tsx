import { Badge } from '@/components/ui/badge';
import type { ApiKeyStatus, ApiKeyView } from '@/lib/contracts';
import { KIND_WORDS, statusWords } from './key-words';

/** The state of a version. */
export function StatusBadge({ status }: { status: ApiKeyStatus }) {
  const words = statusWords(status);
  return <Badge tone={words?.tone ?? 'neutral'}>{words?.label.toLowerCase() ?? status}</Badge>;
}

/** What kind of key it is, and whether it is enforced. */
export function KeyBadges({ apiKey }: { apiKey: Pick<ApiKeyView, 'kind' | 'isRequired'> }) {
  return (
    <>
      <Badge>{KIND_WORDS[apiKey.kind].label.toLowerCase()}</Badge>
      {apiKey.kind === 'external' ? null : apiKey.isRequired ? (
        <Badge tone="trusted">required</Badge>
      ) : (
        <Badge tone="flagged">counted only</Badge>
      )}
    </>
  );
}
