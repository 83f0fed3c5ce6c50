/** The server's message about a field as a sentence: `must be a version` after `The OS version`. */
export function complaint(subject: string, message: string | undefined): string | undefined {
  return message === undefined ? undefined : `${subject} ${message}.`;
}
