import { type Call, family } from '../../../authorization/index.ts'
import { fault, uuid } from '../../../base/index.ts'
import { featuresOf, setFeatures } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'

/** Whether STS issues JSON web tokens in the account's name (behaviours IAM-200 and IAM-201). */
export const outboundFederationFamily = family<Iam.Operations>()({
  EnableOutboundWebIdentityFederation: {
    run(_input, call) {
      const features = featuresOf(call.account)
      if (features.outboundFederation?.enabled === true) {
        throw fault('FeatureEnabled', words('already enabled', call), 409)
      }
      const issuer =
        features.outboundFederation?.issuer ?? `https://${uuid(call.deps.random)}.tokens.sts.global.api.aws`
      setFeatures(call.account, { ...features, outboundFederation: { enabled: true, issuer } })
      return { IssuerIdentifier: issuer }
    },
  },
  DisableOutboundWebIdentityFederation: {
    run(_input, call) {
      const features = featuresOf(call.account)
      const { outboundFederation: federation } = features
      if (federation?.enabled !== true) throw fault('FeatureDisabled', words('already disabled', call), 404)
      setFeatures(call.account, { ...features, outboundFederation: { ...federation, enabled: false } })
    },
  },
  GetOutboundWebIdentityFederationInfo: {
    run(_input, call) {
      const { outboundFederation: federation } = featuresOf(call.account)
      if (federation?.enabled !== true) throw fault('FeatureDisabled', words('disabled', call), 404)
      return { IssuerIdentifier: federation.issuer, JwtVendingEnabled: true }
    },
  },
})

function words(state: string, { account }: Call): string {
  return `Outbound identity federation is ${state} for account ${account.id}`
}
