export { type HeldAnswer, holdAnswer } from './hold-answer';
export { offerAnswers } from './offer-answers';
