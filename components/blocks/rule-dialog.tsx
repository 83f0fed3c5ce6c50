'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { toApiError } from '@/components/query/api-error';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { formatCount, plural } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import type { BlockRuleDraft, BlockRulePreview, BlockRuleView } from '@/lib/contracts';
import { RuleFields } from './rule-fields';
import { rulePreviewQuery, useSaveRule } from './rule-queries';

export interface RuleDialogProps {
  /** `null` to make one. */
  rule: BlockRuleView | null;
  apps: readonly { id: string; name: string }[];
  threats: readonly { id: string; title: string }[];
  onClose: () => void;
}

/** Cautious at first: it only simulates, and may meet few. */
const FIRST: Omit<BlockRuleDraft, 'appId'> = {
  name: '',
  subject: 'instance',
  effect: 'simulate',
  threats: [],
  refusals: 5,
  windowSeconds: 600,
  durationSeconds: 3_600,
  escalates: true,
  mostDevices: 50,
  mostPercent: 1,
  reason: '',
};

/** Asks what a rule is to do, says whom it would have blocked in the last day, and only then offers to save it. */
export default function RuleDialog({ rule, apps, threats, onClose }: RuleDialogProps) {
  const formId = useId();
  const [draft, setDraft] = useState<BlockRuleDraft>(() => draftOf(rule, apps[0]?.id ?? ''));
  const [asked, setAsked] = useState<ReturnType<typeof termsOf>>();
  const wanted = termsOf(draft);
  const isAsked = asked !== undefined && JSON.stringify(asked) === JSON.stringify(wanted);
  const preview = useQuery({ ...rulePreviewQuery(asked ?? wanted), enabled: isAsked });
  const save = useSaveRule(rule);
  const known = isAsked ? preview.data : undefined;
  const error = save.error ?? (isAsked ? preview.error : null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (known === undefined) setAsked(wanted);
    else
      save.mutate({ ...draft, name: draft.name.trim(), reason: draft.reason.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog
      open
      onOpenChange={() => {
        if (!save.isPending) onClose();
      }}
      title={rule === null ? 'New rule' : `Change “${rule.name}”`}
      description="It counts refusals that a device brought upon itself: nothing that somebody else could send in its name."
      footer={
        <>
          <Button onClick={onClose} disabled={save.isPending}>
            Cancel
          </Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            pending={save.isPending ? 'Saving…' : preview.isFetching ? 'Counting…' : undefined}
          >
            {known === undefined
              ? 'See whom it hits'
              : rule === null
                ? 'Put the rule in force'
                : 'Save the rule'}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <RuleFields
          draft={draft}
          onChange={(change) => {
            setDraft({ ...draft, ...change });
            save.reset();
          }}
          apps={apps}
          mayChangeApp={rule === null}
          threats={threats}
          problems={error === null ? {} : toApiError(error).fields}
        />
        {known === undefined ? null : <Reach preview={known} draft={draft} />}
        {error === null ? null : <Notice tone="rejected">{toApiError(error).message}</Notice>}
      </form>
    </Dialog>
  );
}

function Reach({ preview, draft }: { preview: BlockRulePreview; draft: BlockRuleDraft }) {
  const { reach } = preview;
  if (reach === null) {
    return <Notice tone="flagged">Counting whom it would have blocked took too long.</Notice>;
  }
  const whom =
    draft.subject === 'instance' ? plural(reach.targets, 'device') : plural(reach.targets, 'attestation key');
  return (
    <Notice tone={reach.wouldStop ? 'rejected' : reach.targets === 0 ? 'unknown' : 'flagged'}>
      It would have blocked {whom} in the last 24 h, of {formatCount(reach.seen)} devices seen.
      {reach.wouldStop ? ' That is more than it may: it would have stopped itself, and blocked nobody.' : ''}
    </Notice>
  );
}

function draftOf(rule: BlockRuleView | null, appId: string): BlockRuleDraft {
  if (rule === null) return { appId, ...FIRST };
  const { name, subject, effect, threats, refusals, windowSeconds, durationSeconds } = rule;
  const { escalates, mostDevices, mostPercent, reason } = rule;
  return {
    ...{ appId: rule.appId, name, subject, effect, threats, refusals, windowSeconds, durationSeconds },
    ...{ escalates, mostDevices, mostPercent, reason },
  };
}

/** What decides whom it would have blocked. */
function termsOf({
  appId,
  subject,
  threats,
  refusals,
  windowSeconds,
  mostDevices,
  mostPercent,
}: BlockRuleDraft) {
  return { appId, subject, threats, refusals, windowSeconds, mostDevices, mostPercent };
}
