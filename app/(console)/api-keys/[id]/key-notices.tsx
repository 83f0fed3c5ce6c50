import { hookFailureWords } from '@/components/api-keys/key-words';
import { Button } from '@/components/ui/button';
import { plural } from '@/components/ui/format';
import { Notice } from '@/components/ui/notice';
import type { ApiKeyView } from '@/lib/contracts';

export interface KeyNoticesProps {
  apiKey: ApiKeyView;
  /** Asks whether the key is required; absent where the viewer may not decide that. */
  onRequire: (() => void) | undefined;
}

/** What of a key must not be missed: that it is not enforced, that it has no version, that its hook is asked. */
export function KeyNotices({ apiKey, onRequire }: KeyNoticesProps) {
  const { rotation } = apiKey;
  const hasActive = apiKey.versions.some(({ status }) => status === 'active');
  return (
    <>
      {hasActive ? null : (
        <Notice tone="rejected" lead="no active version">
          Devices are given no value of this key until you rotate it.
        </Notice>
      )}
      {rotation?.state === 'due' ? (
        <Notice tone="flagged" lead="the hook is asked">
          {rotation.attempts === 0
            ? `${rotation.requestedByName} asked for a new version.`
            : `It returned no new version in ${plural(rotation.attempts, 'attempt')}: ${hookFailureWords(rotation.lastError)}. It is asked again.`}
        </Notice>
      ) : null}
      {rotation?.state === 'failed' ? (
        <Notice tone="rejected" lead="the last rotation failed">
          The hook returned no version that could be used: {hookFailureWords(rotation.lastError)}.
        </Notice>
      ) : null}
      {apiKey.kind === 'managed' ? <Requirement apiKey={apiKey} onRequire={onRequire} /> : null}
    </>
  );
}

function Requirement({ apiKey, onRequire }: KeyNoticesProps) {
  const apis = apiKey.apiIds.join(', ');
  const without = `${plural(apiKey.requestsWithoutLastHour, 'request')} came without it in the last hour`;
  const button =
    onRequire === undefined ? undefined : (
      <Button size="sm" onClick={onRequire}>
        {apiKey.isRequired ? 'Only count' : 'Require it'}
      </Button>
    );
  return (
    <Notice
      tone={apiKey.isRequired ? 'trusted' : 'flagged'}
      lead={apiKey.isRequired ? 'required' : 'counted only'}
      {...(button === undefined ? {} : { actions: button })}
    >
      {apiKey.isRequired
        ? `${apis} refuses the app’s requests without it. ${without}.`
        : `${apis} lets the app’s requests pass without it. ${without}.`}
    </Notice>
  );
}
