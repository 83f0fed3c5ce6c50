export { cutOff, cutOffInside } from './cut-off';
export { readCutOffs } from './read-cut-offs';
export { restoreCutOffs } from './restore-cut-offs';
export { countHolders } from './store';
