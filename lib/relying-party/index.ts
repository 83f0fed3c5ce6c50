export {
  type ManagedKey,
  type ManagedKeyVersion,
  matchKey,
  type PresentedKey,
  presentedBy,
  standingAt,
} from './api-keys';
export { type CutOffSubject, CutOffs } from './cut-offs';
export { type Decision, type DecisionRequest, decide, STALE_AFTER_MS } from './decide';
export { boundCredentials, presentedToken } from './present';
export type { ApiConfig, CallerNetwork, RelyingPartyState } from './state';
export { TokenCache } from './token-cache';
