import { Badge } from '@/components/ui/badge';
import { Card, CardHeader, Facts } from '@/components/ui/card';
import { CopyableId } from '@/components/ui/copy-button';
import { platformLabel } from '@/components/ui/domain-labels';
import { EmptyState } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { Time } from '@/components/ui/time';
import type { AppView } from '@/lib/contracts';

const NOT_REGISTERED = <span className="text-faint">not registered</span>;

/** What genuine evidence of the app must name, by platform. */
export function ReferenceValues({ app }: { app: AppView }) {
  return (
    <Card aria-label="Reference values">
      <CardHeader title="Reference values" note="what evidence must name" />
      <div className="grid gap-x-8 px-4 pb-3 xl:grid-cols-2">
        <section>
          <h3 className="pt-1 pb-0.5 text-sm text-faint">iOS</h3>
          <Facts
            items={[
              {
                label: 'Team id',
                value: app.appleTeamId === null ? NOT_REGISTERED : one(app.appleTeamId, 'team id'),
              },
              { label: 'Bundle ids', value: list(app.appleBundleIds, 'bundle id') },
              { label: 'App Attest', value: app.appleEnvironments.join(', ') || NOT_REGISTERED },
            ]}
          />
        </section>
        <section>
          <h3 className="pt-1 pb-0.5 text-sm text-faint">Android</h3>
          <Facts
            items={[
              { label: 'Packages', value: list(app.androidPackages, 'package name') },
              { label: 'Signer digests', value: list(app.androidSignerDigests, 'signer digest') },
            ]}
          />
        </section>
      </div>
    </Card>
  );
}

/** How the app stands in the registry, and the anchors of its own. */
export function RegistryFacts({ app }: { app: AppView }) {
  return (
    <Card aria-label="Registration">
      <CardHeader title="Registration" note={`revision ${app.revision}`} />
      <div className="px-4 pb-3">
        <Facts
          items={[
            { label: 'App id', value: one(app.id, 'app id') },
            { label: 'Registered', value: <Time at={app.createdAt} format="exact" /> },
            { label: 'Changed', value: <Time at={app.updatedAt} /> },
            { label: 'Configuration', value: `v${app.configVersion}`, mono: true },
            {
              label: 'Stale node',
              value:
                app.onStale === 'strict'
                  ? 'Denies once it has not heard of changes for 60 s'
                  : 'Flags once it has not heard of changes for 60 s',
            },
            {
              label: 'Blocked device',
              value: app.tellBlocked ? 'Is told that it is blocked' : 'Is refused without being told why',
            },
            ...(app.environment === 'production'
              ? []
              : [{ label: 'Trust anchors', value: anchorNames(app) }]),
          ]}
        />
      </div>
    </Card>
  );
}

/** The versions that may attest. */
export function RegisteredVersions({ app }: { app: AppView }) {
  return (
    <Card aria-label="Versions" className="overflow-hidden">
      <CardHeader title="Versions" note="as the app states them" />
      {app.versions.length === 0 ? (
        <EmptyState title="No version is registered">
          Every version raises the threat <code className="font-mono">app_version_unknown</code>; the policy
          says what follows.
        </EmptyState>
      ) : (
        <Table>
          <thead>
            <tr>
              <Th>Platform</Th>
              <Th>Version</Th>
              <Th>Status</Th>
            </tr>
          </thead>
          <tbody>
            {app.versions.toReversed().map(({ platform, version, status }) => (
              <tr key={`${platform} ${version}`}>
                <Td>{platformLabel(platform)}</Td>
                <Td mono>{version}</Td>
                <Td>
                  <Badge tone={status === 'withdrawn' ? 'rejected' : 'neutral'}>{status}</Badge>
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}

function one(value: string, what: string) {
  return <CopyableId value={value} label={`Copy the ${what}`} />;
}

function list(values: readonly string[], what: string) {
  if (values.length === 0) return NOT_REGISTERED;
  return (
    <ul>
      {values.map((value) => (
        <li key={value} className="flex min-w-0">
          <CopyableId value={value} label={`Copy the ${what}`} />
        </li>
      ))}
    </ul>
  );
}

function anchorNames({ trustAnchors }: AppView) {
  const names = trustAnchors.map(({ name }) => name).join(', ');
  return names === '' ? 'none but the vendors’ roots' : `${names}, besides the vendors’ roots`;
}
