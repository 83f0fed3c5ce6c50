export { conditionWords, rangeWords } from './conditions';
