'use client';

import { useId } from 'react';
import { Field } from '@/components/ui/field';
import { Checkbox, Input } from '@/components/ui/input';
import { type AppEnvironment, listsOf, normaliseDigests } from './app-draft';
import type { DraftControl } from './draft-control';
import { fieldError } from './field-errors';
import { FormSection } from './form-section';
import { LinesField } from './lines-field';

const APP_ATTEST_ENVIRONMENTS: readonly { value: AppEnvironment; label: string; hint: string }[] = [
  { value: 'production', label: 'Production', hint: 'App Store, TestFlight, enterprise' },
  { value: 'development', label: 'Development', hint: 'builds run from Xcode' },
];

/** Team, bundle ids and App Attest environments. */
export function AppleSection({ draft, problems, set }: DraftControl) {
  const id = useId();
  const { appleBundleIds } = listsOf(draft);
  const error = fieldError(problems, { path: 'appleEnvironments', subject: 'The environments' });
  const toggle = (value: AppEnvironment, on: boolean) => {
    const rest = draft.appleEnvironments.filter((one) => one !== value);
    set('appleEnvironments', on ? [...rest, value] : rest);
  };
  return (
    <FormSection
      title="iOS"
      description="What App Attest evidence must name. Leave it empty for an app without iOS."
    >
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <Field
          label="Team id"
          hint="Apple developer account → Membership details."
          error={fieldError(problems, { path: 'appleTeamId', subject: 'The team id' })}
        >
          {(control) => (
            <Input
              {...control}
              mono
              placeholder="R7B4NK5T2M"
              maxLength={16}
              spellCheck={false}
              value={draft.appleTeamId}
              onChange={(event) => set('appleTeamId', event.target.value.toUpperCase())}
            />
          )}
        </Field>
        <LinesField
          label="Bundle ids"
          hint="Xcode → target → Signing & Capabilities. One a line."
          placeholder="com.example.bank"
          error={fieldError(problems, {
            path: 'appleBundleIds',
            subject: 'The bundle id',
            entries: appleBundleIds,
          })}
          value={draft.appleBundleIds}
          onChange={(value) => set('appleBundleIds', value)}
        />
      </div>
      <fieldset className="grid gap-1.5">
        <legend className="mb-1 text-sm font-medium text-dim">App Attest environments that count</legend>
        {APP_ATTEST_ENVIRONMENTS.map(({ value, label, hint }) => (
          <label key={value} htmlFor={`${id}-${value}`} className="flex items-center gap-2.5">
            <Checkbox
              id={`${id}-${value}`}
              checked={draft.appleEnvironments.includes(value)}
              onChange={(event) => toggle(value, event.target.checked)}
            />
            {label} <span className="text-sm text-faint">{hint}</span>
          </label>
        ))}
        {error === undefined ? null : (
          <p role="alert" className="text-sm text-rejected-text">
            {error}
          </p>
        )}
      </fieldset>
    </FormSection>
  );
}

/** Packages and the digests of their signers. */
export function AndroidSection({ draft, problems, set }: DraftControl) {
  const { androidPackages, androidSignerDigests } = listsOf(draft);
  return (
    <FormSection
      title="Android"
      description="What key attestation must name. A package name without its signer proves nothing, so both are needed."
    >
      <LinesField
        label="Package names"
        hint={
          <>
            <code className="font-mono">applicationId</code> in build.gradle. One a line.
          </>
        }
        placeholder="com.example.bank"
        error={fieldError(problems, {
          path: 'androidPackages',
          subject: 'The package name',
          entries: androidPackages,
        })}
        value={draft.androidPackages}
        onChange={(value) => set('androidPackages', value)}
      />
      <LinesField
        label="Signer digests (SHA-256)"
        hint={
          <>
            Play Console → App integrity → App signing key certificate, or{' '}
            <code className="font-mono">apksigner verify --print-certs app.apk</code>. With or without colons;
            one a line.
          </>
        }
        placeholder="9F:86:D0:81:88:4C:7D:65:9A:2F:EA:A0:C5:5A:D0:15:…"
        error={fieldError(problems, {
          path: 'androidSignerDigests',
          subject: 'A signer digest',
          entries: androidSignerDigests,
        })}
        value={draft.androidSignerDigests}
        onChange={(value) => set('androidSignerDigests', value)}
        onLeave={(value) => set('androidSignerDigests', normaliseDigests(value))}
      />
    </FormSection>
  );
}

/** The versions that are in use, by platform. */
export function VersionsSection({ draft, problems, set }: DraftControl) {
  const { iosVersions, androidVersions } = listsOf(draft);
  const spec = { path: 'versions', subject: 'The version' };
  return (
    <FormSection
      title="Versions"
      description="Those in use, as the app states them. Any other raises the threat app_version_unknown."
    >
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <LinesField
          label="iOS versions"
          optional
          hint="CFBundleShortVersionString. One a line."
          placeholder="5.4.0"
          error={fieldError(problems, { ...spec, entries: iosVersions })}
          value={draft.iosVersions}
          onChange={(value) => set('iosVersions', value)}
        />
        <LinesField
          label="Android versions"
          optional
          hint="versionName in build.gradle. One a line."
          placeholder="5.4.0"
          error={fieldError(problems, { ...spec, entries: androidVersions, offset: iosVersions.length })}
          value={draft.androidVersions}
          onChange={(value) => set('androidVersions', value)}
        />
      </div>
    </FormSection>
  );
}
