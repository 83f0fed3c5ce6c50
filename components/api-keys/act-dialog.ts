import type { ApiKeyVersionView, ApiKeyView } from '@/lib/contracts';

/** What every dialog about a key is given. */
export interface ActDialogProps {
  apiKey: ApiKeyView;
  onClose: () => void;
  /** Called with the change's position in the feed, whose propagation is then to be shown; `null` where there is none. */
  onDone: (seq: number | null) => void;
}

/** The same for one version. */
export interface VersionDialogProps extends ActDialogProps {
  version: ApiKeyVersionView;
}
