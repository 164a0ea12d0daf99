/** The facts about an instance by which clients are configured. */
export interface ShownCenter {
  readonly instanceArn: string
  readonly identityStoreId: string
  readonly region: string
  readonly startUrl: string
  readonly lent: readonly { readonly account: string; readonly set: string }[]
}

/** Profiles that reach this server and never AWS (behaviour SSO-61). */
export function configOf({ startUrl, region, lent }: ShownCenter, url: string): string {
  const session = [
    '[sso-session omen]',
    `sso_start_url = ${startUrl.startsWith('/') ? url + startUrl : startUrl}`,
    `sso_region = ${region}`,
    'sso_registration_scopes = sso:account:access',
  ]
  const profiles = lent.map(({ account, set }) =>
    [
      `[profile ${set}-${account}]`,
      'sso_session = omen',
      `sso_account_id = ${account}`,
      `sso_role_name = ${set}`,
      `region = ${region}`,
      `endpoint_url = ${url}`,
    ].join('\n'),
  )
  return `${[session.join('\n'), ...profiles].join('\n\n')}\n`
}
