export { JOBS, type RunningJobs, runJob, startJobs } from './run-jobs';
