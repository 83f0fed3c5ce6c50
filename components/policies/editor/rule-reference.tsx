import { Card } from '@/components/ui/card';
import type { RuleLanguage } from './rule-completion';

/** Everything that rules may read and call. */
export function RuleReference({ language }: { language: RuleLanguage }) {
  return (
    <Card aria-label="What rules may read">
      <details className="group">
        <summary className="px-4 py-2.5 font-semibold">What rules may read</summary>
        <dl className="grid gap-x-6 gap-y-1.5 px-4 pb-4 lg:grid-cols-2">
          {language.variables.map(({ name, type, description, isOptional }) => (
            <Entry
              key={name}
              name={name}
              kind={isOptional ? `${type}, may be absent` : type}
              description={description.replaceAll('`', '')}
            />
          ))}
          {language.functions.map(({ signature, description }) => (
            <Entry key={signature} name={signature} kind="" description={description} />
          ))}
        </dl>
      </details>
    </Card>
  );
}

function Entry({ name, kind, description }: { name: string; kind: string; description: string }) {
  return (
    <div>
      <dt className="flex flex-wrap items-baseline gap-x-2">
        <code className="font-mono text-sm">{name}</code>
        <span className="font-mono text-sm text-faint">{kind}</span>
      </dt>
      <dd className="text-sm text-dim">{description}</dd>
    </div>
  );
}
