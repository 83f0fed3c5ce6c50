export { type RunningService, type ServiceOptions, startService } from './start-service';
export { parseMasterKey, VaultError } from './vault';
