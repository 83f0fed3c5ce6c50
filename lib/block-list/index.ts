export { BlockList } from './block-list';
export { COUNTRY_CODES } from './countries';
export {
  type BlockDecision,
  type BlockEntry,
  type BlockFacts,
  type DecidingEntry,
  isRefused,
  targetsOf,
} from './facts';
export { formatNetwork, type NetworkKey, parseNetwork } from './network';
export {
  type ParsedTarget,
  parseTarget,
  SCOPES_AT_AUTHORIZE,
  SCOPES_OF_ONE_APP,
  versionTarget,
} from './target';
