import { expect, test } from 'vitest';
import { scramVerifier } from './scram-verifier';

test('the verifier of RFC 7677 §3 is the one that Postgres stores for its example', () => {
  expect(scramVerifier('pencil', Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'))).toBe(
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:' +
      'wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  );
});

test('two verifiers of one password differ', () => {
  expect(scramVerifier('pencil')).not.toBe(scramVerifier('pencil'));
});
