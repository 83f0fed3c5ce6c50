export { localUrl } from './children';
export { type DataDirectory, makeDataDirectory, readSecrets } from './data-directory';
export { createFile, readIfPresent, replaceFile } from './files';
export { takeLock } from './lock';
export { databaseKind, prepareDatabase, preparedRoleUrls, type RoleUrls, roleUrls } from './product-database';
export { type Progress, printable, terminalProgress } from './progress';
export { readLiveRuntime } from './runtime-file';
export { listenForStop, type StopRequests } from './signals';
export { supervise } from './supervise';
