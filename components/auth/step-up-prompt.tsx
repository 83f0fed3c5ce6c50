'use client';

import { useSyncExternalStore } from 'react';
import { onQuestion, openQuestion } from '@/components/query/step-up';
import { deferred } from '@/components/ui/deferred';

const StepUpDialog = deferred(() => import('./step-up-dialog'));
const none = () => null;

/** The place of the question for the password, once per document; whatever act needs it is repeated afterwards. */
export function StepUpPrompt({ email }: { email: string }) {
  const question = useSyncExternalStore(onQuestion, openQuestion, none);
  return question === null ? null : <StepUpDialog question={question} email={email} />;
}
