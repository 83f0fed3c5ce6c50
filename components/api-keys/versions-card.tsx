'use client';

import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { ApiKeyVersionView, ApiKeyView } from '@/lib/contracts';
import { StatusBadge } from './key-badges';
import { endWords, hookFailureWords, safetyWords } from './key-words';

/** What can be done to one version. */
export type VersionAct = 'activate' | 'retire' | 'revoke';

export interface VersionsCardProps {
  apiKey: ApiKeyView;
  mayRotate: boolean;
  onAct: (act: VersionAct, version: ApiKeyVersionView) => void;
}

/** Every version with who has it, who uses it, and what can be done to it. */
export function VersionsCard({ apiKey, mayRotate, onAct }: VersionsCardProps) {
  const isManaged = apiKey.kind === 'managed';
  return (
    <Card aria-label="Versions" className="overflow-hidden">
      <CardHeader
        title="Versions"
        note={isManaged ? undefined : 'nothing is known of requests to a third party'}
      />
      <Table>
        <thead>
          <tr>
            <Th>Version</Th>
            <Th>State</Th>
            <Th numeric>Hold it</Th>
            {isManaged ? (
              <>
                <Th numeric className="max-sm:hidden">
                  Use it
                </Th>
                <Th numeric className="max-sm:hidden">
                  Requests, 1 h
                </Th>
                <Th numeric className="max-md:hidden">
                  24 h
                </Th>
                <Th numeric className="max-lg:hidden">
                  Refused, 24 h
                </Th>
                <Th className="max-lg:hidden">Last used</Th>
              </>
            ) : null}
            <Th className="max-sm:hidden">Since</Th>
            <Th>
              <span className="sr-only">Acts</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {apiKey.versions.map((version) => (
            <VersionRow
              key={version.version}
              apiKey={apiKey}
              version={version}
              mayRotate={mayRotate}
              onAct={onAct}
            />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function VersionRow(props: VersionsCardProps & { version: ApiKeyVersionView }) {
  const { apiKey, version } = props;
  return (
    <tr>
      <Td className="font-medium">
        v{version.version}
        <span className="ml-2 text-sm font-normal text-faint max-sm:hidden">{version.origin}</span>
      </Td>
      <Td className="py-1.5">
        <StatusBadge status={version.status} />
        <Standing apiKey={apiKey} version={version} />
      </Td>
      <Td numeric>{formatCount(version.devices)}</Td>
      {apiKey.kind === 'managed' ? <UseCells version={version} /> : null}
      <Td className="py-1.5 max-sm:hidden">
        <Since version={version} />
      </Td>
      <Td className="py-1">
        <Acts {...props} />
      </Td>
    </tr>
  );
}

function UseCells({ version }: { version: ApiKeyVersionView }) {
  const refused = version.revokedRequestsLastDay;
  return (
    <>
      <Td numeric className="max-sm:hidden">
        {formatCount(version.usingDevices)}
      </Td>
      <Td numeric className="max-sm:hidden">
        {formatCount(version.requestsLastHour)}
      </Td>
      <Td numeric className="max-md:hidden">
        {formatCount(version.requestsLastDay)}
      </Td>
      <Td numeric className={refused === 0 ? 'text-faint max-lg:hidden' : 'text-rejected-text max-lg:hidden'}>
        {formatCount(refused)}
      </Td>
      <Td className="max-lg:hidden">
        {version.lastUsedAt === null ? (
          <span className="text-faint">not in 7 days</span>
        ) : (
          <Time at={version.lastUsedAt} />
        )}
      </Td>
    </>
  );
}

/** What else is to be known of where a version stands. */
function Standing({ apiKey, version }: { apiKey: ApiKeyView; version: ApiKeyVersionView }) {
  const safety = safetyWords(apiKey, version);
  const { hookRevocation } = version;
  return (
    <>
      {safety === null ? null : (
        <span
          className={`mt-0.5 block text-sm ${version.isSafeToRetire === true ? 'text-trusted-text' : 'text-dim'}`}
        >
          {safety}
        </span>
      )}
      {hookRevocation === null || hookRevocation.done ? null : (
        <span className="mt-0.5 block text-sm text-flagged-text">
          The hook has not revoked it: {hookFailureWords(hookRevocation.lastError)}. It is asked again.
        </span>
      )}
    </>
  );
}

function Since({ version }: { version: ApiKeyVersionView }) {
  const { status, retiresAt, revokedAt, activatedAt, createdAt } = version;
  if (status === 'revoked' && revokedAt !== null) {
    return (
      <>
        <Time at={revokedAt} /> <span className="text-sm text-faint">{endWords(version)}</span>
      </>
    );
  }
  if (status === 'retiring' && retiresAt !== null) {
    return (
      <>
        ends <Time at={retiresAt} />
      </>
    );
  }
  return <Time at={activatedAt ?? createdAt} />;
}

function Acts({ version, mayRotate, onAct }: VersionsCardProps & { version: ApiKeyVersionView }) {
  if (!mayRotate || version.status === 'revoked') return null;
  const { status } = version;
  return (
    <span className="flex flex-wrap justify-end gap-1.5">
      {status === 'staged' ? (
        <Button size="sm" onClick={() => onAct('activate', version)}>
          Activate
        </Button>
      ) : null}
      {status === 'staged' || status === 'retiring' ? (
        <Button size="sm" onClick={() => onAct('retire', version)}>
          {status === 'staged' ? 'Discard' : 'Retire'}
        </Button>
      ) : null}
      {status === 'staged' ? null : (
        <Button size="sm" variant="danger" onClick={() => onAct('revoke', version)}>
          Revoke now
        </Button>
      )}
    </span>
  );
}
