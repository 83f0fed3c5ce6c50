export { blockInstance } from './block-instance';
export { liftBlock } from './lift-block';
export { activeTargets, blocksOfTarget, countActive } from './store';
export { blockView, isActive } from './view';
