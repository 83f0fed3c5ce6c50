import type { Command } from '../command';

/** A command's name and summary; the rest is loaded when it is asked for. */
export interface CommandEntry {
  name: string;
  summary: string;
  load(): Promise<Command>;
}

/** Every command of `countersign`. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'start',
    summary: 'Start the console, the attestation service and, without DATABASE_URL, the embedded Postgres.',
    load: async () => (await import('./start')).startCommand,
  },
  {
    name: 'demo',
    summary: 'The same with two demo apps, one staff member per role and a simulated fleet.',
    load: async () => (await import('./demo')).demoCommand,
  },
  {
    name: 'migrate',
    summary: 'Bring the database up to the schema of this version.',
    load: async () => (await import('./migrate')).migrateCommand,
  },
  {
    name: 'simulate',
    summary: 'Run the simulated fleet against a running demo, or write a history of it into the database.',
    load: async () => (await import('./simulate')).simulateCommand,
  },
  {
    name: 'staff create',
    summary: 'Create a staff member and print the password.',
    load: async () => (await import('./staff-create')).staffCreateCommand,
  },
  {
    name: 'app register',
    summary: 'Register an app with its reference values.',
    load: async () => (await import('./app-register')).appRegisterCommand,
  },
  {
    name: 'keys list',
    summary: 'List the token-signing keys, with their states and who holds a token of them.',
    load: async () => (await import('./keys-list')).keysListCommand,
  },
  {
    name: 'keys rotate',
    summary: 'Let the next token-signing key sign; tokens of the one before stay good.',
    load: async () => (await import('./keys-rotate')).keysRotateCommand,
  },
  {
    name: 'keys revoke',
    summary: 'Refuse every token of a signing key at once, and for good.',
    load: async () => (await import('./keys-revoke')).keysRevokeCommand,
  },
  {
    name: 'cut-off',
    summary:
      'Refuse tokens that were issued before a moment, of everybody, an app, an API, a key or a device.',
    load: async () => (await import('./cut-off')).cutOffCommand,
  },
  {
    name: 'relying-party list',
    summary: 'List the relying parties that verify locally, and how far their processes are.',
    load: async () => (await import('./relying-party')).relyingPartyListCommand,
  },
  {
    name: 'relying-party create',
    summary: 'Register a relying party that verifies locally, and print its credential once.',
    load: async () => (await import('./relying-party')).relyingPartyCreateCommand,
  },
  {
    name: 'relying-party revoke',
    summary: 'Remove a relying party: its credential names nobody any more.',
    load: async () => (await import('./relying-party')).relyingPartyRevokeCommand,
  },
  {
    name: 'policy diff',
    summary: 'Compare a policy in a file with the one in force, or print that.',
    load: async () => (await import('./policy-diff')).policyDiffCommand,
  },
  {
    name: 'policy apply',
    summary: 'Publish a policy from a file, at once or in stages.',
    load: async () => (await import('./policy-apply')).policyApplyCommand,
  },
  {
    name: 'evidence verify',
    summary: 'Verify and appraise evidence from case files, offline.',
    load: async () => (await import('./evidence-verify')).evidenceVerifyCommand,
  },
  {
    name: 'build',
    summary: 'Build the console for production.',
    load: async () => (await import('./build')).buildCommand,
  },
];
