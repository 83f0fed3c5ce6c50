export { cancellable } from './cancellable';
export { DatabaseClock } from './database-clock';
export { openDriver } from './driver';
export { type FollowedClock, followDatabaseClock } from './follow-clock';
export { DatabaseTooNewError, migrateDatabase } from './migrate';
export { type Database, type Executor, type Orm, openDatabase, READING_WORK_MEM_MB, type Tx } from './open';
export { type Replica, type ReplicaStanding, watchReplica } from './replica';
export { CONSOLE_ROLE, SERVICE_ROLE, setRolePasswords, urlForRole } from './roles';
