import { cx } from '@/components/ui/cx';
import { formatDuration } from '@/components/ui/format';
import { VerdictLabel } from '@/components/ui/verdict-mark';
import type { Policy, PolicyOutcomes } from '@/lib/contracts';
import { conditionWords } from '@/lib/words';
import { prepareThreats, type ThreatCatalogue } from '../editor/prepare-threats';
import { markOf } from '../response-words';
import { requirementRows } from './requirement-rows';

/** A whole policy, to be read. */
export function PolicyReadout({ policy, catalogue }: { policy: Policy; catalogue: ThreatCatalogue }) {
  const groups = prepareThreats(catalogue.threats, { policy, inForce: policy, baseline: null });
  return (
    <div className="grid gap-5">
      {groups.map(({ component, label, rows }) => (
        <Section key={component} title={label}>
          {rows.map((row) => (
            <Row key={row.id} label={row.title}>
              <VerdictLabel verdict={markOf(row.response)}>{row.response}</VerdictLabel>
              {row.conditions.map(({ condition }) => (
                <span key={condition.id} className="block text-sm text-dim">
                  {conditionWords(condition.when)}: {condition.response}
                </span>
              ))}
            </Row>
          ))}
        </Section>
      ))}
      <Section title="Requirements">
        {requirementRows(policy.requirements).map(({ label, value }) => (
          <Row key={label} label={label}>
            {value}
          </Row>
        ))}
      </Section>
      {policy.rules === undefined || policy.rules.length === 0 ? null : (
        <Section title="Rules">
          {policy.rules.map((rule) => (
            <Row key={rule.id} label={rule.title} wide>
              <VerdictLabel verdict={markOf(rule.response)}>{rule.response}</VerdictLabel>
              <code className="wrap-anywhere block font-mono text-sm">{rule.expression}</code>
            </Row>
          ))}
        </Section>
      )}
      <Section title="Tokens and outcomes">
        <Row label="Lifetime of tokens">{formatDuration(policy.tokenTtlSeconds * 1_000)}</Row>
        {outcomeRows(policy.outcomes ?? {}).map(({ label, value }) => (
          <Row key={label} label={label}>
            {value}
          </Row>
        ))}
        {Object.entries(policy.annotations ?? {}).map(([threat, annotation]) => (
          <Row key={threat} label={`Annotation of ${threat}`}>
            <code className="font-mono text-sm">{annotation}</code>
          </Row>
        ))}
      </Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <h3 className="pb-1 text-sm text-faint">{title}</h3>
      <dl className="grid">{children}</dl>
    </section>
  );
}

function Row({
  label,
  wide = false,
  children,
}: {
  label: string;
  wide?: boolean;
  children: React.ReactNode;
}) {
  return (
    <div
      className={cx('grid gap-x-4 border-t py-1', wide ? '' : 'sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]')}
    >
      <dt className="text-dim">{label}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </div>
  );
}

function outcomeRows(outcomes: PolicyOutcomes): { label: string; value: string }[] {
  return (['trusted', 'flagged', 'restricted'] as const).flatMap((verdict) => {
    const { tokenTtlSeconds, annotations } = outcomes[verdict] ?? {};
    const withheld = verdict === 'restricted' ? (outcomes.restricted?.withholdsApiKeys ?? 'all') : null;
    return [
      ...(tokenTtlSeconds === undefined
        ? []
        : [{ label: `Lifetime when ${verdict}`, value: formatDuration(tokenTtlSeconds * 1_000) }]),
      ...(annotations === undefined || annotations.length === 0
        ? []
        : [{ label: `Annotations when ${verdict}`, value: annotations.join(', ') }]),
      ...(withheld === null
        ? []
        : [
            {
              label: 'API keys withheld when restricted',
              value: withheld === 'all' ? 'all' : withheld.join(', ') || 'none',
            },
          ]),
    ];
  });
}
