import { describe, expect, it } from 'vitest';
import { boundCredentials, presentedToken } from './index';

describe('presentedToken', () => {
  it.each([
    ['t', null, 't'],
    ['t', 'Attestation other', 't'],
    [null, 'Attestation t', 't'],
    [null, 'attestation   t ', 't'],
    ['', 'Attestation t', 't'],
    [null, 'Bearer t', null],
    [null, 'Attestation', null],
    [null, 'Attestation ', null],
    [null, 'Attestationt', null],
    [null, '', null],
    [null, null, null],
  ])('header %o and Authorization %o present %o', (header, authorization, token) => {
    expect(presentedToken(header, authorization)).toBe(token);
  });
});

describe('boundCredentials', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['Basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
    ['Digest a="1", b="2"', 'a="1", b="2"'],
    ['Attestation abc', null],
    ['abc', null],
    [' abc', null],
    ['', null],
    [null, null],
  ])('of %o are %o', (authorization, credentials) => {
    expect(boundCredentials(authorization)).toBe(credentials);
  });
});
