export { appraise, type Judgement, judge } from './appraise';
export { type CompiledPolicy, compilePolicy, refuseAll } from './compile-policy';
export { decodeFacts, encodeFacts, type RecordedFacts, splitFacts } from './facts';
export {
  type AppraisalInput,
  type ClientFacts,
  type IntegrityFacts,
  isBelowMinimum,
  type JudgedClaims,
} from './input';
export { type Outcome, outcomeOf } from './outcome';
export { isInShare } from './rollout-share';
export { checkRule } from './rules/compile-rule';
export { type ReportedSignals, readSignals } from './signals';
export { TEMPLATES } from './templates';
export { threatOfEvidenceCode } from './threat-of-evidence-code';
export { threatsOfNetwork } from './threats-of-network';
