/** A question for the password that waits for its answer. */
export interface StepUpQuestion {
  /** What asks for it, as the server says it. */
  why: string;
  /** Tells whether the person proved who they are; `false` where they would rather not. */
  answer: (proved: boolean) => void;
  /** Ends the question with a failure, such as that the session is over. */
  fail: (error: unknown) => void;
}

let question: StepUpQuestion | null = null;
let asked: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

function show(next: StepUpQuestion | null): void {
  question = next;
  if (next === null) asked = null;
  for (const listener of listeners) listener();
}

/** The question that is open, for the one dialog that asks it. */
export function openQuestion(): StepUpQuestion | null {
  return question;
}

/** Calls back whenever a question opens or ends. */
export function onQuestion(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/**
 * Has the person prove that it is they, and tells whether they did. Several acts at once share one question. Where no
 * dialog is there to ask it, the answer is no.
 */
export function askForStepUp(why: string): Promise<boolean> {
  if (listeners.size === 0) return Promise.resolve(false);
  asked ??= new Promise<boolean>((resolve, reject) => {
    const end = (tell: () => void) => {
      // An answer that comes after the question was left ends no later one.
      if (question !== mine) return;
      show(null);
      tell();
    };
    const mine: StepUpQuestion = {
      why,
      answer: (proved) => end(() => resolve(proved)),
      fail: (error) => end(() => reject(error)),
    };
    show(mine);
  });
  return asked;
}
