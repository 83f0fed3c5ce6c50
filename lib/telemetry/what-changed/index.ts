export { localise, standouts, THRESHOLDS } from './detect';
export { findingOf, rankFindings } from './findings';
export {
  type Affected,
  type CellView,
  type Count,
  type Counts,
  DIMENSIONS,
  type Dimension,
  EVERYTHING,
  type Jump,
  type Marginal,
  NONE,
} from './model';
export { type BucketCounts, type Onset, onsetOf } from './since';
export { baselineOf } from './statistic';
export { BUCKET_MS, type Span, type Windows, windowsAt } from './windows';
