export { alarmsOf } from './alarms';
export type { AppleEndpoints } from './ask-apple';
export { readEndorsementAlarms, readEndorsements } from './read-endorsements';
export { refreshStatusList, type StatusListSource } from './refresh-status-list';
export { type RenewalContext, renewReceipts } from './renew-receipts';
export { requestListCheck, setListAge } from './set-list-age';
export { removeTeamKey, setTeamKey } from './set-team-key';
export { selectStatusList } from './store/status-list';
