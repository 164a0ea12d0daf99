import { type Call, family } from '../../authorization/index.ts'
import {
  anywhereQuotas,
  type RevocationList,
  revocationLists,
  type TrustAnchor,
  trustAnchors,
} from '../../directory/index.ts'
import type { RolesAnywhere } from '../../model/index.ts'
import { authoritiesIn } from './authorities.ts'
import { invalid } from './faults.ts'
import { type Revocations, readRevocations } from './revocation.ts'
import { inRegion, listed, newThing, onThing, requestTags, thingArn } from './thing.ts'

type Named = RolesAnywhere.ScalarCrlRequest

const on = <Input extends { readonly crlId: string }, Output>(run: (input: Input, call: Call) => Output) =>
  onThing('crl', ({ crlId }: Input) => crlId, run)

/** Revocation lists of authorities. */
export const lists = family<RolesAnywhere.Operations>()({
  ImportCrl: {
    context: ({ tags }) => requestTags(tags),
    run(input, call) {
      const table = call.account.table(revocationLists)
      if (table.size >= anywhereQuotas.lists) throw invalid('The account has too many revocation lists.')
      const anchor = anchorOf(input.trustAnchorArn, call)
      const list: RevocationList = {
        ...newThing(input, call),
        data: checked(input.crlData, anchor),
        anchor: anchor.id,
      }
      table.put(list)
      return { crl: viewOf(list, call) }
    },
  },
  GetCrl: on((input: Named, call) => ({ crl: viewOf(get(input, call), call) })),
  ListCrls: {
    run(input, call) {
      const { items, nextToken } = listed(call.account.table(revocationLists).values(), input, call)
      return { crls: items.map((each) => viewOf(each, call)), nextToken }
    },
  },
  UpdateCrl: on((input: RolesAnywhere.UpdateCrlRequest, call) => {
    const anchor = call.account.table(trustAnchors).find(get(input, call).anchor)
    return changed(input, call, {
      ...(input.name !== undefined && { name: input.name }),
      ...(input.crlData !== undefined && { data: checked(input.crlData, inRegion(anchor, call)) }),
    })
  }),
  DeleteCrl: on((input: Named, call) => {
    const list = get(input, call)
    call.account.table(revocationLists).delete(list.id)
    return { crl: viewOf(list, call) }
  }),
  EnableCrl: on((input: Named, call) => changed(input, call, { enabled: true })),
  DisableCrl: on((input: Named, call) => changed(input, call, { enabled: false })),
})

function get({ crlId }: { readonly crlId: string }, call: Call): RevocationList {
  return inRegion(call.account.table(revocationLists).find(crlId), call)
}

function changed(input: { readonly crlId: string }, call: Call, change: Partial<RevocationList>) {
  const list = { ...get(input, call), ...change, updatedAt: call.now }
  call.account.table(revocationLists).put(list)
  return { crl: viewOf(list, call) }
}

function anchorOf(arn: string, call: Call): TrustAnchor {
  const anchor = call.account.table(trustAnchors).find(arn.slice(arn.lastIndexOf('/') + 1))
  return inRegion(anchor, call)
}

/** @throws Fault ValidationException if the anchor did not sign the list (behaviour RAN-16) */
function checked(data: Uint8Array, anchor: TrustAnchor): string {
  let list: Revocations
  try {
    list = readRevocations(Buffer.from(data))
  } catch {
    throw invalid('The revocation list cannot be read.')
  }
  const isOwn = authoritiesIn(anchor.bundle).some(({ certificate }) => list.isSignedBy(certificate.publicKey))
  if (!isOwn) throw invalid('The revocation list is not signed by the trust anchor.')
  return Buffer.from(data).toString('base64')
}

function viewOf(list: RevocationList, { account }: Call): RolesAnywhere.CrlDetail {
  return {
    crlId: list.id,
    crlArn: thingArn(account, list.region, 'crl', list.id),
    name: list.name,
    enabled: list.enabled,
    crlData: Buffer.from(list.data, 'base64'),
    trustAnchorArn: thingArn(account, list.region, 'trust-anchor', list.anchor),
    createdAt: list.createdAt,
    updatedAt: list.updatedAt,
  }
}
