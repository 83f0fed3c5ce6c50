import { expect, test } from 'vitest';
import { appRegistrationSchema } from '@/lib/contracts';
import {
  type AppDraft,
  EMPTY_DRAFT,
  entriesOf,
  normaliseDigest,
  suggestId,
  toRegistration,
} from './app-draft';

const HEX = 'ab'.repeat(32);
const COLONS = HEX.toUpperCase().replaceAll(/(..)(?=.)/g, '$1:');

const DRAFT: AppDraft = {
  ...EMPTY_DRAFT,
  name: ' Retail Bank ',
  appleTeamId: 'r7b4nk5t2m ',
  appleBundleIds: 'com.example.bank\ncom.example.bank.clip',
  androidPackages: 'com.example.bank',
  androidSignerDigests: COLONS,
  iosVersions: '5.4.0, 5.3.0',
  androidVersions: '5.4.0',
};

test.each([
  ['Retail Bank', 'retail-bank'],
  ['  Zürich  Café 2 ', 'zurich-cafe-2'],
  ['---', ''],
  ['x'.repeat(60), 'x'.repeat(40)],
  [`${'y'.repeat(39)} z`, 'y'.repeat(39)],
])('suggests for the name %j the id %j', (name, id) => {
  expect(suggestId(name)).toBe(id);
});

test.each([
  HEX,
  HEX.toUpperCase(),
  COLONS,
  `SHA256: ${COLONS}`,
  `\t SHA-256: ${COLONS}`,
  `Signer #1 certificate SHA-256 digest: ${HEX}`,
  ` ${COLONS} `,
])('takes the digest %j as tools print it', (text) => {
  expect(normaliseDigest(text)).toBe(HEX);
});

test('leaves what is no digest for the server to refuse', () => {
  expect(normaliseDigest('not a digest')).toBe('notadigest');
});

test('reads lists by lines and commas', () => {
  expect(entriesOf(' a \n\nb, c,')).toEqual(['a', 'b', 'c']);
});

test('what is sent is what the API takes', () => {
  const body = toRegistration(DRAFT);
  expect(appRegistrationSchema.parse(body)).toEqual(body);
  expect(body).toMatchObject({
    id: 'retail-bank',
    name: 'Retail Bank',
    appleTeamId: 'R7B4NK5T2M',
    androidSignerDigests: [HEX],
    versions: [
      { platform: 'ios', version: '5.4.0' },
      { platform: 'ios', version: '5.3.0' },
      { platform: 'android', version: '5.4.0' },
    ],
  });
});

test('an app without iOS sends nothing of Apple’s', () => {
  const body = toRegistration({ ...DRAFT, appleTeamId: '', appleBundleIds: '' });
  expect(body).toMatchObject({ appleTeamId: null, appleBundleIds: [], appleEnvironments: [] });
});

test('anchors that were typed for a development app are not sent with a production one', () => {
  const trustAnchors = [{ name: 'Test CA', certificatePem: 'PEM' }];
  expect(toRegistration({ ...DRAFT, trustAnchors }).trustAnchors).toEqual([]);
  expect(toRegistration({ ...DRAFT, trustAnchors, environment: 'development' }).trustAnchors).toEqual(
    trustAnchors,
  );
});
