/** Scheme under which a client may present its attestation token in `Authorization`. */
const ATTESTATION_SCHEME = 'attestation';

/**
 * The attestation token of a request: the value of the token header (`Attestation-Token`, or as the API names it), else
 * the credentials of `Authorization: Attestation …`; `null` where there is neither.
 */
export function presentedToken(tokenHeader: string | null, authorization: string | null): string | null {
  if (tokenHeader !== null && tokenHeader !== '') return tokenHeader;
  const parsed = authorization === null ? null : parseAuthorization(authorization);
  return parsed?.scheme === ATTESTATION_SCHEME ? parsed.credentials : null;
}

/**
 * What a token's `bnd` is held against: everything after the scheme of `Authorization` and the spaces that follow it,
 * for example the access token of `Bearer <access token>`. `null` where there are no credentials besides our own token.
 */
export function boundCredentials(authorization: string | null): string | null {
  const parsed = authorization === null ? null : parseAuthorization(authorization);
  return parsed === null || parsed.scheme === ATTESTATION_SCHEME ? null : parsed.credentials;
}

/** Splits `Authorization` (RFC 9110 §11.4): the scheme in lower case, and its credentials if there are any. */
function parseAuthorization(value: string): { scheme: string; credentials: string } | null {
  const end = value.indexOf(' ');
  if (end <= 0) return null;
  const credentials = value.slice(end + 1).trim();
  return credentials === '' ? null : { scheme: value.slice(0, end).toLowerCase(), credentials };
}
