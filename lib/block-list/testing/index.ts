export { ModelBlockList } from './model';
export { APPS, aboutArbitrary, factsArbitrary, TARGETS } from './worlds';
