export { appendChange, appendChanges } from './append';
export { ACKS_CHANNEL, CHANGES_CHANNEL, EVENTS_CHANNEL } from './channels';
export { readNodes, readPropagationViews, viewNodes, viewPropagation } from './nodes';
export {
  type FeedPage,
  type FeedPosition,
  type NodePropagation,
  type Propagation,
  readChanges,
  readFeedPosition,
  readPropagation,
} from './read';
export { PARTY_ALIVE_SECONDS } from './silence';
export { readUnsupportedPolicies } from './unsupported-policies';
export { propagationView } from './view';
