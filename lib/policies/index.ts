export { diffBaseline, listBaselineApps, publishBaseline, readBaseline } from './baseline';
export { carryRollouts } from './carry-rollouts';
export { checkPolicy } from './check-policy';
export { checkPolicyRule } from './check-rule';
export { comparePolicies } from './compare-policies';
export { diffPolicies } from './diff-policies';
export {
  approvePolicyDraft,
  discardPolicyDraft,
  inheritBaseline,
  savePolicyDraft,
  setPolicySettings,
} from './drafts';
export { readBlastRadius, readEmergency, setKillSwitch, setMinimumVersions } from './emergency';
export { readExceptions } from './exceptions';
export { listPolicyStandings } from './list-standings';
export { publishPolicy, revertPolicy } from './publish-policy';
export { previewQuarantine, readQuarantineEffect } from './quarantine-reach';
export { endQuarantine, listQuarantines, quarantineSignal } from './quarantines';
export { listPolicyVersions, readPolicyEditor, readPolicyVersion } from './read-policies';
export { Replay } from './replay/replay';
export { explainReplay } from './replay/replay-explain';
export { type ReplayReports, replayPolicy } from './replay/replay-policy';
export { advanceRollout, readRolloutShadow, readRollouts, startRollout, stopRollout } from './rollouts';
