import { describe, expect, it } from 'vitest';
import { prepareIntegrity } from './prepare-integrity';

const NOTHING = {
  deviceLabel: null,
  minSdkVersion: null,
  recognized: false,
  licensed: false,
  playProtect: null,
  refusedAppAccess: [],
  maxActivityLevel: null,
  maxAgeSeconds: 3_600,
};

describe('prepareIntegrity', () => {
  it.each([null, undefined])('says that nothing is asked: %s', (integrity) => {
    expect(prepareIntegrity(integrity)).toEqual([
      { label: 'Play Integrity', value: 'No verdict needed', raises: null },
    ]);
  });

  it('has a row for each thing that is asked, with the threat that it raises', () => {
    expect(prepareIntegrity(NOTHING).map(({ value }) => value)).toEqual([
      'A verdict of the last 60 min, Android',
    ]);
    const rows = prepareIntegrity({
      ...NOTHING,
      deviceLabel: 'strong',
      recognized: true,
      refusedAppAccess: ['UNKNOWN_CAPTURING', 'UNKNOWN_OVERLAYS'],
    });
    expect(rows.map(({ value, raises }) => [value, raises])).toEqual([
      ['A verdict of the last 60 min, Android', 'integrity_verdict_low'],
      ['MEETS_STRONG_INTEGRITY', 'integrity_verdict_low'],
      ['PLAY_RECOGNIZED', 'app_integrity'],
      ['Not UNKNOWN_CAPTURING', 'screen_recording'],
      ['Not UNKNOWN_OVERLAYS', 'malware'],
    ]);
  });
});
