export { answerExports } from './answer-exports';
export { openArchived, sealArchived } from './archived';
export { type ExportedCase, exportCase } from './export-case';
export { readArchive, setArchive } from './settings';
export { CASE_EXPORTS_CHANNEL } from './store';
