export { beginBulk, countBulk } from './bulk-block';
export { countDevices } from './count-devices';
export { eraseDevice } from './erase-device';
export { forceReenrolment } from './force-reenrolment';
export { listDevices } from './list-devices';
export { readDevice } from './read-device';
export { type SearchResult, searchEverything } from './search';
