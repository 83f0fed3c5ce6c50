/** The row that the sealed key of an app's team belongs to: it opens for no other app and under no other key id. */
export function keyIdentityOf(appId: string, keyId: string) {
  return { table: 'app_attest_keys', id: `${appId}/${keyId}` };
}
