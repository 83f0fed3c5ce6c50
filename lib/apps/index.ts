export { listApps, readApp } from './list-apps';
export { loadPolicyStates, percentOf } from './policy-state-store';
export { previewRetention } from './preview-retention';
export { readRetention } from './read-retention';
export { registerApi } from './register-api';
export { registerApp } from './register-app';
export { setRetention } from './set-retention';
export { advancePolicyVersion, loadApps, type StoredApp } from './store';
