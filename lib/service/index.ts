export { type ClientNetwork, NetworkReader } from './address';
export { Attempt, type AttemptFacts, type ClientFacts } from './attestation/attempt';
export { instanceIdOf } from './attestation/instance-id';
export type { VerifiedFacts } from './attestation/verified';
export { type Presentation, type Rehearsed, rehearse } from './rehearsal';
export { type AppEntry, appEntry } from './snapshot/state';
export { type RunningService, type ServiceOptions, startService } from './start-service';
export { loadSnapshotSource } from './store';
export { parseMasterKey, VaultError } from './vault';
