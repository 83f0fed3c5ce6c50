export { startBlockRules } from './run-block-rules';
export { type EndorsementJobs, startEndorsements } from './run-endorsements';
export { JOBS, type RunningJobs, runJob, startJobs } from './run-jobs';
export { startProbes } from './run-probes';
export { startRollouts } from './run-rollouts';
