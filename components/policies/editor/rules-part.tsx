'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useUrlText } from '@/components/query/url-state';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/states';
import type { PolicyRule } from '@/lib/contracts';
import { useEdit } from './edit-context';
import { freeId } from './policy-parts';
import { RuleCard } from './rule-card';
import type { RuleLanguage } from './rule-completion';
import { RuleReference } from './rule-reference';

/** The most that the schema takes. */
const MOST_RULES = 32;

/** The owner's own rules, in CEL. */
export default function RulesPart({ language }: { language: RuleLanguage }) {
  const { policy, inForce, set, isReadOnly } = useEdit();
  const [led] = useUrlText('rule');
  const [added, setAdded] = useState<string>();
  const rules = policy.rules ?? [];
  const removed = (inForce.rules ?? []).filter(({ id }) => !rules.some((rule) => rule.id === id));
  const add = () => {
    const taken = [...rules, ...removed].map(({ id }) => id);
    const id = freeId(taken, 'rule');
    const rule: PolicyRule = { id, title: 'New rule', expression: '', response: 'observe' };
    set(`rules.${id}`, rule);
    setAdded(id);
  };
  const addButton =
    isReadOnly || rules.length >= MOST_RULES ? null : (
      <Button onClick={add}>
        <Plus aria-hidden size={14} />
        Add a rule
      </Button>
    );
  return (
    <>
      {rules.length === 0 ? (
        <Card aria-label="Rules">
          <EmptyState title="There is no rule of your own" actions={addButton}>
            A rule is an expression of CEL. Where it is true, its response counts as that of a threat. Where
            it fails, the attestation is flagged.
          </EmptyState>
        </Card>
      ) : null}
      {rules.map((rule) => (
        <RuleCard key={rule.id} rule={rule} language={language} takesFocus={rule.id === (added ?? led)} />
      ))}
      {removed.map((rule) => (
        <p key={rule.id} className="flex flex-wrap items-center gap-2 px-4 text-dim">
          <span className="line-through">{rule.title}</span> removed
          {isReadOnly ? null : (
            <Button variant="ghost" size="sm" onClick={() => set(`rules.${rule.id}`, rule)}>
              Put it back
            </Button>
          )}
        </p>
      ))}
      {rules.length === 0 ? null : <div>{addButton}</div>}
      <RuleReference language={language} />
    </>
  );
}
