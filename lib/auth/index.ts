export {
  type Actor,
  auditActorOf,
  type CliActor,
  type StaffActor,
  type SystemActor,
  type VerbContext,
} from './actor';
export { changeOwnPassword } from './change-password';
export { createStaff } from './create-staff';
export { hashPassword, requireStrongPassword, verifyPassword } from './password';
export {
  mayDo,
  mayDoSomewhere,
  permittedApps,
  requirePermission,
  requireSomewhere,
  scopeApps,
} from './permissions';
export { readAuditLog } from './read-audit-log';
export {
  listOwnSessions,
  loadSession,
  readMe,
  reloadActors,
  requireStaff,
  revokeOtherSessions,
  revokeOwnSession,
} from './sessions';
export { completeSetup, createSetupToken, isSetUp, isSetupTokenGood } from './setup';
export { SESSION_SECONDS, type SignedIn, type SignInOrigin, signIn } from './sign-in';
export { requireStepUp, STEP_UP_ACTS, STEP_UP_SECONDS, type StepUpAct, stepUp } from './step-up';
