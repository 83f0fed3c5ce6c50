/** Where the tests' database servers keep their files. */
export function scratchFolder(): string;
