'use client';

import { X } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Card, CardHeader } from '@/components/ui/card';
import { Input, Select } from '@/components/ui/input';
import { useEdit, usePart } from './edit-context';
import { PartRow } from './part-field';
import type { ThreatCatalogue } from './prepare-threats';

/** Words that a token says when a threat was found. */
export function ThreatAnnotations({ catalogue }: { catalogue: ThreatCatalogue }) {
  const { policy, set, isReadOnly } = useEdit();
  const [picked, setPicked] = useState('');
  const annotated = Object.keys(policy.annotations ?? {});
  const titleOf = (id: string) => catalogue.threats.find((threat) => threat.id === id)?.title ?? id;
  const free = catalogue.threats.filter(({ id }) => !annotated.includes(id));
  return (
    <Card aria-label="Annotations of threats" className="overflow-hidden">
      <CardHeader title="Annotations of threats" note="said when the threat is found and not ignored" />
      {annotated.map((id) => (
        <AnnotationRow key={id} id={id} title={titleOf(id)} />
      ))}
      {isReadOnly ? null : (
        <div className="flex flex-wrap items-center gap-2 border-t px-4 py-2.5">
          <Select
            aria-label="Threat to annotate"
            className="max-w-72"
            value={picked}
            onChange={(event) => setPicked(event.target.value)}
          >
            <option value="">Choose a threat</option>
            {free.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </Select>
          <Button
            disabled={picked === ''}
            onClick={() => {
              set(`annotations.${picked}`, picked.replaceAll('_', '-').slice(0, 32));
              setPicked('');
            }}
          >
            Annotate it
          </Button>
        </div>
      )}
    </Card>
  );
}

function AnnotationRow({ id, title }: { id: string; title: string }) {
  const path = `annotations.${id}`;
  const { value, set, settle, isReadOnly } = usePart(path);
  return (
    <PartRow path={path} label={title}>
      {(control) => (
        <span className="flex gap-1.5">
          <Input
            {...control}
            mono
            value={String(value ?? '')}
            onChange={(event) => set(event.target.value, true)}
            onBlur={settle}
          />
          {isReadOnly ? null : (
            <Button
              variant="ghost"
              size="icon"
              aria-label={`Remove the annotation of ${title}`}
              onClick={() => set(undefined)}
            >
              <X aria-hidden size={14} />
            </Button>
          )}
        </span>
      )}
    </PartRow>
  );
}
