export { AGREEMENT_IDS, findDisagreements, type Sources } from './agreement';
export { appraise, type Judgement, judge } from './appraise';
export { type CompiledPolicy, compilePolicy, refuseAll } from './compile-policy';
export { compileCondition } from './conditions';
export { decodeFacts, encodeFacts, type RecordedFacts, splitFacts } from './facts';
export {
  type AppraisalInput,
  type ClientFacts,
  isBelowMinimum,
  type JudgedClaims,
  type JudgedIntegrity,
} from './input';
export { integrityMisses } from './integrity-rules';
export { judgedIntegrity } from './judged-integrity';
export { type Outcome, outcomeOf } from './outcome';
export { isInShare } from './rollout-share';
export { checkRule } from './rules/compile-rule';
export { type ReportedSignals, readSignals } from './runtime/signals';
export { TEMPLATES } from './templates';
export { threatOfEvidenceCode } from './threat-of-evidence-code';
export { threatsOfNetwork } from './threats-of-network';
