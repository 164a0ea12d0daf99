/** Numbers of keys and devices, and the users with a password: what a credential report says. */
export interface CredentialFacts {
  readonly accessKeys: Readonly<Record<string, number>>
  readonly loginProfiles: readonly string[]
  readonly mfaDevices: Readonly<Record<string, number>>
}

/** Reads a credential report: the CSV that AWS makes. It has every user of the account. */
export function factsOfReport(csv: string): CredentialFacts {
  const [head = '', ...rows] = csv.trim().split(/\r?\n/)
  const columns = head.split(',')
  const accessKeys: Record<string, number> = {}
  const mfaDevices: Record<string, number> = {}
  const loginProfiles: string[] = []
  for (const row of rows) {
    const cells = row.split(',')
    const cell = (name: string): string => cells[columns.indexOf(name)] ?? ''
    const user = cell('user')
    if (user === '' || user === '<root_account>') continue
    accessKeys[user] = [1, 2].filter(
      (place) => !/^(?:N\/A)?$/.test(cell(`access_key_${place}_last_rotated`)),
    ).length
    mfaDevices[user] = cell('mfa_active') === 'true' ? 1 : 0
    if (cell('password_enabled') === 'true') loginProfiles.push(user)
  }
  return { accessKeys, loginProfiles, mfaDevices }
}
