'use client';

import { Facts } from '@/components/ui/card';
import { Time } from '@/components/ui/time';
import type { IntegrityClaims } from '@/lib/contracts';
import { ExplainSection } from './explain-section';

/** What the Play Integrity verdict said that came with an attestation, in Google's own labels. */
export function ExplainIntegrity({ claims }: { claims: IntegrityClaims }) {
  const { app, deviceLabels, sdkVersion, appsDetected, recall } = claims;
  const label = (name: string, value: string | null) => ({
    label: name,
    value: value ?? 'not evaluated',
    mono: value !== null,
  });
  return (
    <ExplainSection title="Play Integrity" note={`${claims.request} request`}>
      <Facts
        items={[
          label('App', claims.recognition),
          ...(app === null
            ? []
            : [{ label: 'Version code', value: app.versionCode ?? 'not stated', mono: true }]),
          label('Device', deviceLabels.length === 0 ? 'no label' : deviceLabels.join(' ')),
          label('SDK version', sdkVersion === null ? null : String(sdkVersion)),
          label('Licence', claims.licensing),
          label('Play Protect', claims.playProtect),
          label(
            'App access risk',
            appsDetected === null
              ? null
              : appsDetected.length === 0
                ? 'nothing detected'
                : appsDetected.join(' '),
          ),
          label('Recent activity', claims.activityLevel),
          ...(recall === null
            ? []
            : [
                {
                  label: 'Device recall',
                  value: recall.bits.map((bit) => (bit ? '1' : '0')).join(' '),
                  mono: true,
                },
              ]),
          {
            label: 'Asked for',
            value: <Time at={new Date(claims.requestedAtMs).toISOString()} format="exact" />,
          },
        ]}
      />
    </ExplainSection>
  );
}
