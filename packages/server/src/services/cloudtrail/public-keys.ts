import { family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { type Account, type DigestKey, digestKeys } from '../../directory/index.ts'
import type { CloudTrail } from '../../model/index.ts'

const day = 86_400_000

/** The keys that signed digests of the region (behaviour TRL-86). */
export const publicKeys = family<CloudTrail.Operations>()({
  ListPublicKeys: {
    run(input, call) {
      const { StartTime: start, EndTime: end } = input
      const to = end ?? (start === undefined ? call.now : start + day)
      const from = start ?? to - day
      if (from > to) {
        const message = 'The time range is not valid: the start time is after the end time.'
        throw fault('InvalidTimeRangeException', message, 400)
      }
      const management = call.account.settings.managementAccount
      const above = management === undefined ? undefined : call.deps.directory.loaded(management)
      const owners = new Set<Account>(above === undefined ? [call.account] : [call.account, above])
      const keys = [...owners].flatMap((owner) => [...owner.table(digestKeys).values()])
      const fit = (key: DigestKey) => key.region === call.region && key.from <= to && key.to >= from
      return {
        PublicKeyList: keys.filter(fit).map((key) => ({
          Value: Buffer.from(key.publicKey, 'base64'),
          ValidityStartTime: key.from,
          ValidityEndTime: key.to,
          Fingerprint: key.fingerprint,
        })),
      }
    },
  },
})
