export {
  type AuditActor,
  type AuditEntry,
  type AuditFilter,
  type AuditReader,
  lastAuditId,
  listAudit,
  listAuditAfter,
  listAuditedChanges,
  recordAudit,
} from './store';
