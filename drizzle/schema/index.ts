export {
  apiKeyAdoption,
  apiKeyDeliveries,
  apiKeyRotations,
  apiKeys,
  apiKeyUses,
  apiKeyVersions,
} from './api-keys';
export { blockBatches, blockBatchTargets, blockHits, blockRules } from './blocks';
export {
  originProbes,
  pinFailures,
  pinRotations,
  pinSetVersions,
  protectedOrigins,
} from './certificates';
export { cutOffs } from './cut-offs';
export { blocks, deviceInstances } from './devices';
export { appAttestKeys, appAttestReceipts, statusLists } from './endorsements';
export { appIntegrity, caseExports, integrityUsage } from './integrity';
export {
  consumedChallenges,
  signingKeyRotations,
  signingKeySchedule,
  signingKeys,
  vaultKeys,
} from './keys';
export { auditLog, changeAcks, changeFeed, changeLog, serviceNodes } from './operations';
export { policyBaselines, policyDrafts, policyRollouts, signalQuarantines } from './policies';
export { apis, apps, appVersions, organisations, policyVersions, type TrustAnchorRow } from './registry';
export {
  deviceRejections,
  rejectedDeviceDays,
  rejectedDeviceHours,
  rejectionHoursSeen,
  rejectionProgress,
} from './rejections';
export { relyingParties, relyingPartyReplicas } from './relying-parties';
export { roleGrants, sessions, setupTokens, signInThrottles, staff } from './staff';
export {
  attestationFacetDays,
  attestationFacetHours,
  attestationRollupDays,
  attestationRollupToday,
  attestationRollupWeeks,
  attestationSeriesQuarters,
  attestationSummaryDays,
  attestationSummaryFiveMinutes,
  attestationSummaryHours,
  attestationSummaryMinutes,
  cellHours,
  cellMarginals,
  summaryDaysSeen,
  summaryProgress,
} from './summaries';
export {
  archivedEvidence,
  attestationEvents,
  attestationRollupHours,
  attestationRollupMinutes,
  cellRollups,
  counterRollupMinutes,
  deviceDays,
  forgottenAddresses,
  requestEvents,
  requestRollupHours,
  requestRollupMinutes,
  rollupJournal,
} from './telemetry';
export { savedViews } from './views';
