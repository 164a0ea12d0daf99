import {
  type Account,
  anywhereProfiles,
  identityPools,
  podAssociations,
  trustAnchors,
} from '../directory/index.ts'
import type { AccountImage, SourcePlace } from '../image/index.ts'

/** The entities of an account that give roles to pods, users of identity pools and holders of certificates, for export. */
export function imageOfLenders(
  account: Account,
  at: SourcePlace,
): Pick<AccountImage, 'podAssociations' | 'identityPools' | 'trustAnchors' | 'certificateProfiles'> {
  return {
    podAssociations: [...account.table(podAssociations).values()].map((each) => ({ at, ...each })),
    identityPools: [...account.table(identityPools).values()].map((each) => ({ at, ...each })),
    trustAnchors: [...account.table(trustAnchors).values()].map((each) => ({ at, ...each })),
    certificateProfiles: [...account.table(anywhereProfiles).values()].map((each) => ({ at, ...each })),
  }
}
