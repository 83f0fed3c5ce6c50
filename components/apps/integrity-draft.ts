import type { IntegrityChange, IntegrityRequest, IntegritySettings } from '@/lib/contracts';

/** What is typed into the form: secrets begin empty, because nobody is shown them. */
export interface IntegrityDraft {
  request: IntegrityRequest | 'none';
  decryptionKey: string;
  verificationKey: string;
  account: string;
  dailyQuota: string;
}

/** A form as it opens. */
export function integrityDraftOf({ request, dailyQuota }: IntegritySettings): IntegrityDraft {
  return {
    request: request ?? 'none',
    decryptionKey: '',
    verificationKey: '',
    account: '',
    dailyQuota: String(dailyQuota),
  };
}

/** What a form asks the server for. Only the secrets of the kind that is chosen are sent, and none that were left empty. */
export function integrityChangeOf(draft: IntegrityDraft, basedOn: number): IntegrityChange {
  const { request } = draft;
  const decryptionKey = draft.decryptionKey.trim();
  const verificationKey = draft.verificationKey.trim();
  const account = draft.account.trim();
  const hasKeys = request === 'classic' && (decryptionKey !== '' || verificationKey !== '');
  return {
    basedOn,
    request: request === 'none' ? null : request,
    ...(hasKeys ? { keys: { decryptionKey, verificationKey } } : {}),
    ...(request === 'standard' && account !== '' ? { account } : {}),
    dailyQuota: Number(draft.dailyQuota),
  };
}
