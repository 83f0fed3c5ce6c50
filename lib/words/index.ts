export { conditionWords, rangeWords } from './conditions';
export { ruleFaultWords } from './rule-faults';
