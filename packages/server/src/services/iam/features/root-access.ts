import { type Call, family, type Operation } from '../../../authorization/index.ts'
import { type AccountId, type Fault, fault } from '../../../base/index.ts'
import {
  type Account,
  featuresOf,
  type Organization,
  organizationAccounts,
  organizationOf,
  type RootAccessFeature,
  setFeatures,
  trustsService,
} from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'

/** The service principal that needs the organization's trusted access for this. */
const trusted = 'iam.amazonaws.com'

/** Centralized root access for an organization's members (behaviours IAM-210 to IAM-213). */
export const rootAccessFamily = family<Iam.Operations>()({
  EnableOrganizationsRootCredentialsManagement: enable('RootCredentialsManagement'),
  DisableOrganizationsRootCredentialsManagement: disable('RootCredentialsManagement'),
  EnableOrganizationsRootSessions: enable('RootSessions'),
  DisableOrganizationsRootSessions: disable('RootSessions'),
  ListOrganizationsFeatures: {
    accounts: managementOf,
    run(_input, call) {
      const { organization, management } = placeOf(call)
      return answer(organization, featuresOf(management).rootAccess ?? [])
    },
  },
})

type Switch = Operation<Record<string, never>, Iam.EnableOrganizationsRootSessionsResponse>

function enable(feature: RootAccessFeature): Switch {
  return {
    accounts: managementOf,
    run(_input, call) {
      const { organization, management } = placeOf(call)
      if (management !== call.account) throw refusals.CallerIsNotManagementAccountException()
      const before = featuresOf(management).rootAccess ?? []
      return change(organization, management, before.includes(feature) ? before : [...before, feature])
    },
  }
}

function disable(feature: RootAccessFeature): Switch {
  return {
    accounts: managementOf,
    run(_input, call) {
      const { organization, management } = placeOf(call)
      const before = featuresOf(management).rootAccess ?? []
      return change(
        organization,
        management,
        before.filter((each) => each !== feature),
      )
    },
  }
}

function change(organization: Organization, management: Account, rootAccess: readonly RootAccessFeature[]) {
  setFeatures(management, { ...featuresOf(management), rootAccess })
  return answer(organization, rootAccess)
}

function answer(organization: Organization, features: readonly RootAccessFeature[]) {
  return { OrganizationId: organization.id, EnabledFeatures: features }
}

function managementOf(_input: unknown, { account }: Call): readonly AccountId[] {
  const id = account.settings.managementAccount as AccountId | undefined // written by Organizations, always an account's number
  return id === undefined || id === account.id ? [] : [id]
}

/** @throws Fault if there is no organization, it is not ready for this, or the caller does not manage it */
function placeOf(call: Call): { readonly organization: Organization; readonly management: Account } {
  const { account, deps } = call
  const id = account.settings.managementAccount as AccountId | undefined // as above
  const management = id === account.id ? account : id && deps.directory.loaded(id)
  const organization = management && organizationOf(management)
  if (!management || organization === undefined) throw refusals.OrganizationNotFoundException()
  if (organization.featureSet !== 'ALL') throw refusals.OrganizationNotInAllFeaturesModeException()
  if (management !== account && !administers(account.id, management)) {
    throw refusals.AccountNotManagementOrDelegatedAdministratorException()
  }
  if (!trustsService(organization, trusted)) {
    throw fault(
      'ServiceAccessNotEnabledException',
      `Trusted Access for IAM not enabled by organization of input account ${account.id}.`,
      400,
    )
  }
  return { organization, management }
}

function administers(account: AccountId, management: Account): boolean {
  const member = management.table(organizationAccounts).find(account)
  return member?.administers.some(({ service }) => service === trusted) === true
}

const refusals = {
  OrganizationNotFoundException: refusal(
    'OrganizationNotFoundException',
    'No organization is associated with your account.',
  ),
  OrganizationNotInAllFeaturesModeException: refusal(
    'OrganizationNotInAllFeaturesModeException',
    'Your organization does not have all features enabled.',
  ),
  AccountNotManagementOrDelegatedAdministratorException: refusal(
    'AccountNotManagementOrDelegatedAdministratorException',
    'The account making the request is not the management account or delegated administrator account for centralized root access.',
  ),
  CallerIsNotManagementAccountException: refusal(
    'CallerIsNotManagementAccountException',
    'The account making the request is not the management account for the organization.',
  ),
}

function refusal(code: string, message: string): () => Fault {
  return () => fault(code, message, 400)
}
