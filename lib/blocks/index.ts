export { BlockHits } from './block-hits';
export { allow, blockInstance, createBlock } from './create-block';
export { suggestedSeconds } from './escalation';
export { liftBlock } from './lift-block';
export { standingOf, standingOfRecord } from './standing';
export { activeTargets, blocksOfTarget, countActive } from './store';
export { blockSnapshot, blockView, isActive } from './view';
