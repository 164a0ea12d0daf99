import type { Keys } from './client.ts'
import type { RunningServer } from './home.ts'
import type { KnownRole } from './profiles.ts'
import { callQuery, childOf, neededText, textAt } from './query.ts'

/** Roles that only services can assume. */
const servicePaths = /^\/(?:aws-service-role|aws-reserved)\//

/** The account's roles that people may put on, by IAM's own list. */
export async function rolesOf(server: RunningServer, keys: Keys): Promise<readonly KnownRole[]> {
  const roles: KnownRole[] = []
  let marker: string | undefined
  do {
    const page = await callQuery(server, keys, 'iam', 'ListRoles', { Marker: marker, MaxItems: 1_000 })
    for (const role of childOf(page, 'Roles')?.children ?? []) {
      if (servicePaths.test(textAt(role, 'Path') ?? '/')) continue
      roles.push({
        name: neededText(role, 'RoleName'),
        arn: neededText(role, 'Arn'),
        trust: decodeURIComponent(textAt(role, 'AssumeRolePolicyDocument') ?? ''),
        maxSessionSeconds: Number(textAt(role, 'MaxSessionDuration') ?? 3_600),
      })
    }
    marker = textAt(page, 'IsTruncated') === 'true' ? textAt(page, 'Marker') : undefined
  } while (marker !== undefined)
  return roles
}

/** The serial number of the user's first MFA device. */
export async function mfaSerialOf(server: RunningServer, keys: Keys): Promise<string | undefined> {
  const result = await callQuery(server, keys, 'iam', 'ListMFADevices')
  const device = childOf(result, 'MFADevices')?.children[0]
  return device && textAt(device, 'SerialNumber')
}
