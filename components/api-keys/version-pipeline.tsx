import { ChevronRight } from 'lucide-react';
import { Card } from '@/components/ui/card';
import { plural } from '@/components/ui/format';
import { VerdictMark } from '@/components/ui/verdict-mark';
import type { ApiKeyStatus, ApiKeyView } from '@/lib/contracts';
import { STATUSES } from './key-words';

const MARKS = { staged: 'unknown', active: 'trusted', retiring: 'flagged', revoked: 'rejected' } as const;

/** Where the versions of a key are on their way, with the devices that hold them. */
export function VersionPipeline({ apiKey }: { apiKey: ApiKeyView }) {
  return (
    <Card aria-label="Versions by state" className="overflow-hidden">
      <ol className="-mr-px -mb-px grid grid-cols-2 lg:grid-cols-4">
        {STATUSES.map(({ status, label, meaning }, index) => (
          <li key={status} className="relative grid content-start gap-0.5 border-r border-b px-4 py-3">
            <span className="flex items-center gap-1.5 text-sm text-dim" data-tooltip={meaning}>
              <VerdictMark verdict={MARKS[status]} />
              {label}
              {index === STATUSES.length - 1 ? null : (
                <ChevronRight aria-hidden size={14} className="ml-auto text-faint" />
              )}
            </span>
            <Stage apiKey={apiKey} status={status} />
          </li>
        ))}
      </ol>
    </Card>
  );
}

function Stage({ apiKey, status }: { apiKey: ApiKeyView; status: ApiKeyStatus }) {
  const versions = apiKey.versions.filter((version) => version.status === status);
  const devices = versions.reduce((sum, version) => sum + version.devices, 0);
  return (
    <>
      <span className="truncate text-figure font-semibold">
        {versions.length === 0
          ? '–'
          : status === 'revoked'
            ? versions.length
            : versions.map(({ version }) => `v${version}`).join(', ')}
      </span>
      <span className="min-h-4 truncate text-sm text-faint">
        {versions.length === 0 || status === 'staged'
          ? ''
          : `${plural(devices, 'device')} hold${devices === 1 ? 's' : ''} it`}
      </span>
    </>
  );
}
