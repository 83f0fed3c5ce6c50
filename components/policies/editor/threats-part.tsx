'use client';

import { useState } from 'react';
import { Card, CardHeader } from '@/components/ui/card';
import { deferred } from '@/components/ui/deferred';
import { Checkbox, Input } from '@/components/ui/input';
import { EmptyState } from '@/components/ui/states';
import type { ConditionalResponse } from '@/lib/contracts';
import { useEdit } from './edit-context';
import { freeId } from './policy-parts';
import { prepareThreats, type ThreatCatalogue, type ThreatFacts } from './prepare-threats';
import { ThreatItem } from './threat-item';

const ConditionDialog = deferred(() => import('./condition-dialog'));

/** Every threat with the response to it, by component; conditions below each. */
export function ThreatsPart({ catalogue }: { catalogue: ThreatCatalogue }) {
  const { policy, inForce, baseline, set } = useEdit();
  const [text, setText] = useState('');
  const [onlyChanged, setOnlyChanged] = useState(false);
  const [asked, setAsked] = useState<{ threat: ThreatFacts; condition: ConditionalResponse | null }>();
  const groups = prepareThreats(catalogue.threats, { policy, inForce, baseline }, { text, onlyChanged });
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Input
          type="search"
          aria-label="Find a threat"
          placeholder="Find a threat, or an id of ATT&CK or MASWE"
          className="max-w-80"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <label htmlFor="only-changed" className="flex items-center gap-2 text-dim">
          <Checkbox
            id="only-changed"
            checked={onlyChanged}
            onChange={(event) => setOnlyChanged(event.target.checked)}
          />
          Only what is changed
        </label>
        <span className="text-sm text-faint sm:ml-auto">
          ATT&CK Mobile {catalogue.attackVersion}, MASWE {catalogue.masweVersion}
        </span>
      </div>
      {groups.length === 0 ? (
        <Card aria-label="Threats">
          <EmptyState title={onlyChanged ? 'No response is changed' : 'No threat is called so'}>
            {onlyChanged ? 'The responses are those of the version in force.' : 'Look for another word.'}
          </EmptyState>
        </Card>
      ) : null}
      {groups.map(({ component, label, rows }) => (
        <Card key={component} aria-label={`${label} threats`} className="overflow-hidden">
          <CardHeader title={label} note={`${rows.length}`} />
          <ul>
            {rows.map((row) => (
              <ThreatItem
                key={row.id}
                row={row}
                onAsk={(condition) => setAsked({ threat: row, condition })}
              />
            ))}
          </ul>
        </Card>
      ))}
      {asked === undefined ? null : (
        <ConditionDialog
          threat={asked.threat}
          condition={asked.condition}
          onClose={() => setAsked(undefined)}
          onSave={({ when, response }, name) => {
            const id =
              asked.condition?.id ??
              freeId(
                (policy.conditions ?? []).map((one) => one.id),
                name,
              );
            set(`conditions.${id}`, { id, threat: asked.threat.id, when, response });
            setAsked(undefined);
          }}
        />
      )}
    </>
  );
}
