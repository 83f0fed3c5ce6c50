'use client';

import { formatPercent } from '@/components/ui/format';
import type { Finding } from '@/lib/contracts';
import QuarantineDialog, { type QuarantineDialogProps } from './quarantine-dialog';
import { formOfCell } from './quarantine-form';

export interface QuarantineFindingProps
  extends Pick<QuarantineDialogProps, 'threats' | 'onClose' | 'onMade'> {
  finding: Finding;
}

/** The question for a quarantine, filled in with where a signal jumped and by how much. */
export default function QuarantineFinding({ finding, ...props }: QuarantineFindingProps) {
  const { appId, appName, signal, cell, before, now } = finding;
  const reason = `Rose from ${formatPercent(before.rate)} to ${formatPercent(now.rate)} there, while others hold.`;
  return (
    <QuarantineDialog
      {...props}
      appId={appId}
      appName={appName}
      initial={{ ...formOfCell(signal, cell), reason }}
    />
  );
}
