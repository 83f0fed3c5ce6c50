export { AGREEMENT_IDS, findDisagreements, type Sources } from './agreement';
export { appraise } from './appraise';
export { type CompiledPolicy, compilePolicy } from './compile-policy';
export { integrityMisses } from './integrity-rules';
export type { AppraisalInput } from './requirements';
export { type ReportedSignals, readSignals } from './runtime/signals';
export { TEMPLATES } from './templates';
export { threatOfEvidenceCode } from './threat-of-evidence-code';
export { threatsOfNetwork } from './threats-of-network';
