import { family, isServicePrincipal } from '../../authorization/index.ts'
import {
  organizationAccounts,
  organizations,
  type ServiceSince,
  trustsService,
} from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { isManagementType, managementTypes } from './effective/types.ts'
import { invalid, needsAllFeatures, refuse, violates } from './faults.ts'
import { within } from './operation.ts'
import { page } from './page.ts'
import { getMember, type Place } from './place.ts'
import { accountView } from './view.ts'
import { where } from './where.ts'

/** Services with trusted access to the organization, and their delegated administrators. */
export const trustedServices = family<Organizations.Operations>()({
  EnableAWSServiceAccess: within('management', {
    context: (input) => serviceKey(input.ServicePrincipal),
    run(input, place, call) {
      const { ServicePrincipal: service } = input
      checkFeatures(place)
      checkService(service)
      if (isTrusted(place, service)) return
      setTrusted(place, [...place.organization.trustedServices, { service, since: call.now }])
    },
  }),

  DisableAWSServiceAccess: within('management', {
    context: (input) => serviceKey(input.ServicePrincipal),
    run(input, place) {
      const { ServicePrincipal: service } = input
      checkFeatures(place)
      checkService(service)
      if (!isTrusted(place, service)) return
      checkUnused(place, service)
      setTrusted(place, without(place.organization.trustedServices, service))
      // a delegated administrator of the service loses that role (behaviour ORG-53)
      for (const account of [...administratorsOf(place, service)]) {
        const administers = without(account.administers, service)
        place.management.table(organizationAccounts).put({ ...account, administers })
      }
    },
  }),

  ListAWSServiceAccessForOrganization: within('administrators', {
    run(input, place) {
      checkFeatures(place)
      const { items, NextToken } = page(place.organization.trustedServices, ({ service }) => service, input)
      return {
        EnabledServicePrincipals: items.map(({ service, since }) => ({
          ServicePrincipal: service,
          DateEnabled: since,
        })),
        NextToken,
      }
    },
  }),

  RegisterDelegatedAdministrator: within('management', {
    on: (input) => input.AccountId,
    context: (input) => serviceKey(input.ServicePrincipal),
    run(input, place, call) {
      const { ServicePrincipal: service } = input
      checkFeatures(place)
      const account = getMember(place, input.AccountId)
      if (account.id === place.management.id) {
        throw violates(
          'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR',
          'You cannot register master account/management account as delegated administrator for your organization.',
        )
      }
      checkService(service)
      if (account.status !== 'ACTIVE') {
        throw violates(
          'CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR',
          'You cannot register a suspended account as a delegated administrator.',
        )
      }
      if (!isTrusted(place, service)) {
        throw violates(
          'SERVICE_ACCESS_NOT_ENABLED',
          'You attempted to register a delegated administrator before you enabled service access. Call the EnableAWSServiceAccess API first.',
        )
      }
      if (holds(account.administers, service)) throw refuse('AccountAlreadyRegisteredException')
      place.management
        .table(organizationAccounts)
        .put({ ...account, administers: [...account.administers, { service, since: call.now }] })
    },
  }),

  DeregisterDelegatedAdministrator: within('management', {
    on: (input) => input.AccountId,
    context: (input) => serviceKey(input.ServicePrincipal),
    run(input, place) {
      const { ServicePrincipal: service } = input
      checkFeatures(place)
      const account = getMember(place, input.AccountId)
      checkService(service)
      if (!holds(account.administers, service)) throw refuse('AccountNotRegisteredException')
      place.management
        .table(organizationAccounts)
        .put({ ...account, administers: without(account.administers, service) })
    },
  }),

  ListDelegatedAdministrators: within('administrators', {
    context: (input) => serviceKey(input.ServicePrincipal),
    run(input, place) {
      checkFeatures(place)
      if (input.ServicePrincipal !== undefined) checkService(input.ServicePrincipal)
      const { items, NextToken } = page(
        administratorsOf(place, input.ServicePrincipal),
        (account) => account.id,
        input,
      )
      return {
        DelegatedAdministrators: items.map((account) => {
          const { Paths: _, ...view } = accountView(place, account)
          const since = account.administers.find(
            ({ service }) => input.ServicePrincipal === undefined || service === input.ServicePrincipal,
          )?.since
          return { ...view, DelegationEnabledDate: since }
        }),
        NextToken,
      }
    },
  }),

  ListDelegatedServicesForAccount: within('administrators', {
    on: (input) => input.AccountId,
    run(input, place) {
      checkFeatures(place)
      const account = getMember(place, input.AccountId)
      if (account.administers.length === 0) throw refuse('AccountNotRegisteredException')
      const { items, NextToken } = page(account.administers, ({ service }) => service, input)
      return {
        DelegatedServices: items.map(({ service, since }) => ({
          ServicePrincipal: service,
          DelegationEnabledDate: since,
        })),
        NextToken,
      }
    },
  }),
})

function serviceKey(service: string | undefined) {
  return { 'organizations:ServicePrincipal': service }
}

function checkFeatures({ organization }: Place): void {
  if (organization.featureSet !== 'ALL') throw needsAllFeatures()
}

/**
 * The services that integrate with Organizations change every month: any service of AWS is accepted (behaviour
 * ORG-52).
 */
function checkService(service: string): void {
  if (/^[a-z0-9][a-z0-9.-]*\.amazonaws\.com$/.test(service) && isServicePrincipal(service)) return
  throw invalid('UNRECOGNIZED_SERVICE_PRINCIPAL', 'You specified an unrecognized service principal.')
}

/** A service keeps its access while a policy type that belongs to it is enabled (behaviour ORG-97). */
function checkUnused({ organization }: Place, service: string): void {
  const used = organization.enabledPolicyTypes.some(
    (type) => isManagementType(type) && managementTypes[type].service === service,
  )
  if (!used) return
  throw violates(
    'POLICY_TYPE_ENABLED_FOR_THIS_SERVICE',
    'You attempted to disable service access before you disabled the policy type.',
  )
}

function isTrusted({ organization }: Place, service: string): boolean {
  return trustsService(organization, service)
}

function holds(services: readonly ServiceSince[], service: string): boolean {
  return services.some((each) => each.service === service)
}

function without(services: readonly ServiceSince[], service: string): readonly ServiceSince[] {
  return services.filter((each) => each.service !== service)
}

function setTrusted({ management, organization }: Place, services: readonly ServiceSince[]): void {
  management.table(organizations).put({ ...organization, trustedServices: services })
}

/** Returns the accounts that administer the service, or any service if none is named. */
function administratorsOf({ management }: Place, service: string | undefined) {
  return where(management.table(organizationAccounts).values(), (account) =>
    service === undefined ? account.administers.length > 0 : holds(account.administers, service),
  )
}
