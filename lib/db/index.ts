export { DatabaseTooNewError, migrateDatabase } from './migrate';
export { type Database, type Executor, type Orm, openDatabase, type Tx } from './open';
export { CONSOLE_ROLE, SERVICE_ROLE, setRolePasswords, urlForRole } from './roles';
