import { type Call, family } from '../../authorization/index.ts'
import { anywhereQuotas, type TrustAnchor, trustAnchors } from '../../directory/index.ts'
import type { RolesAnywhere } from '../../model/index.ts'
import { authoritiesIn } from './authorities.ts'
import { invalid } from './faults.ts'
import { inRegion, listed, newThing, onThing, requestTags, thingArn } from './thing.ts'

type Named = RolesAnywhere.ScalarTrustAnchorRequest

const on = <Input extends { readonly trustAnchorId: string }, Output>(
  run: (input: Input, call: Call) => Output,
) => onThing('trust-anchor', ({ trustAnchorId }: Input) => trustAnchorId, run)

/** Authorities that an account believes. */
export const anchors = family<RolesAnywhere.Operations>()({
  CreateTrustAnchor: {
    context: ({ tags }) => requestTags(tags),
    run(input, call) {
      const table = call.account.table(trustAnchors)
      if (table.size >= anywhereQuotas.anchors) throw invalid('The account has too many trust anchors.')
      const anchor: TrustAnchor = { ...newThing(input, call), bundle: bundleIn(input.source) }
      table.put(anchor)
      return { trustAnchor: viewOf(anchor, call) }
    },
  },
  GetTrustAnchor: on((input: Named, call) => ({ trustAnchor: viewOf(get(input, call), call) })),
  ListTrustAnchors: {
    run(input, call) {
      const { items, nextToken } = listed(call.account.table(trustAnchors).values(), input, call)
      return { trustAnchors: items.map((each) => viewOf(each, call)), nextToken }
    },
  },
  UpdateTrustAnchor: on((input: RolesAnywhere.UpdateTrustAnchorRequest, call) =>
    changed(input, call, {
      ...(input.name !== undefined && { name: input.name }),
      ...(input.source !== undefined && { bundle: bundleIn(input.source) }),
    }),
  ),
  DeleteTrustAnchor: on((input: Named, call) => {
    const anchor = get(input, call)
    call.account.table(trustAnchors).delete(anchor.id)
    return { trustAnchor: viewOf(anchor, call) }
  }),
  EnableTrustAnchor: on((input: Named, call) => changed(input, call, { enabled: true })),
  DisableTrustAnchor: on((input: Named, call) => changed(input, call, { enabled: false })),
})

function get({ trustAnchorId }: { readonly trustAnchorId: string }, call: Call): TrustAnchor {
  return inRegion(call.account.table(trustAnchors).find(trustAnchorId), call)
}

function changed(input: { readonly trustAnchorId: string }, call: Call, change: Partial<TrustAnchor>) {
  const anchor = { ...get(input, call), ...change, updatedAt: call.now }
  call.account.table(trustAnchors).put(anchor)
  return { trustAnchor: viewOf(anchor, call) }
}

/** @throws Fault ValidationException if it is no bundle of certificates of authorities (behaviour RAN-2) */
function bundleIn({ sourceType, sourceData }: RolesAnywhere.Source): string {
  if (sourceType !== 'CERTIFICATE_BUNDLE')
    throw invalid('Only a source of type CERTIFICATE_BUNDLE is taken here.')
  const bundle = sourceData?.x509CertificateData
  if (bundle === undefined) throw invalid('x509CertificateData is required.')
  authoritiesIn(bundle)
  return bundle
}

function viewOf(anchor: TrustAnchor, { account }: Call) {
  return {
    trustAnchorId: anchor.id,
    trustAnchorArn: thingArn(account, anchor.region, 'trust-anchor', anchor.id),
    name: anchor.name,
    source: { sourceType: 'CERTIFICATE_BUNDLE' as const, sourceData: { x509CertificateData: anchor.bundle } },
    enabled: anchor.enabled,
    createdAt: anchor.createdAt,
    updatedAt: anchor.updatedAt,
  }
}
