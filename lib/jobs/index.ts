export { startBlockRules } from './run-block-rules';
export { JOBS, type RunningJobs, runJob, startJobs } from './run-jobs';
export { startProbes } from './run-probes';
