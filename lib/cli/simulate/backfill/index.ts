export { type BackfillOutcome, type BackfillProgress, runBackfill } from './run-backfill';
