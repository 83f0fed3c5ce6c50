import { Card, CardHeader } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { EmptyState } from '@/components/ui/states';
import { Time } from '@/components/ui/time';
import type { PolicyBaseline } from '@/lib/contracts';

/** The baseline that apps start from and inherit. */
export function BaselineCard({ baseline }: { baseline: PolicyBaseline | null }) {
  if (baseline === null) {
    return (
      <Card aria-label="Baseline">
        <EmptyState title="No baseline is published yet">
          A baseline says once what all apps have in common. It changes no app by itself: each is brought up
          to it in its draft, and what an app says otherwise stays its own.
        </EmptyState>
      </Card>
    );
  }
  const json = JSON.stringify(baseline.policy, null, 2);
  return (
    <Card aria-label="Baseline">
      <CardHeader title={`Version ${baseline.version}`}>
        <CopyButton value={json} label="Copy the baseline as JSON" />
      </CardHeader>
      <p className="px-4 pb-3 text-dim">
        published <Time at={baseline.publishedAt} /> by {baseline.publishedBy}: “{baseline.reason}”
      </p>
      <details className="border-t">
        <summary className="px-4 py-2 text-dim hover:text-ink">As JSON</summary>
        <pre className="whitespace-pre-wrap break-words border-t px-4 py-3 font-mono text-sm">{json}</pre>
      </details>
    </Card>
  );
}
