export { listApps, readApp } from './list-apps';
export { registerApi } from './register-api';
export { registerApp } from './register-app';
export { advancePolicyVersion, loadApps, type StoredApp } from './store';
