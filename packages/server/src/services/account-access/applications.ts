import { type AccessRequest, type Call, family } from '../../authorization/index.ts'
import { fault } from '../../base/index.ts'
import { accountDigits, catalogueRequests, hex, instanceArn, ownPlace } from '../../center/index.ts'
import {
  type AccessApplication,
  accessApplicationArn,
  accessApplicationOf,
  accessApplications,
  accessEntitlements,
} from '../../directory/index.ts'
import type { AccountAccess } from '../../model/index.ts'
import { denied, invalid } from './faults.ts'
import { findPlace, getPlace, managedOwner, onApplication } from './place.ts'
import { checkTags, requestTags, tagsMap } from './tag.ts'

/** Further actions that the caller needs in IAM Identity Center, where the manager gets an application (behaviour SSO-173). */
const needs = {
  create: [
    'sso:CreateApplication',
    'sso:PutApplicationAccessScope',
    'sso:PutApplicationAssignmentConfiguration',
    'sso:PutApplicationAuthenticationMethod',
    'sso:PutApplicationGrant',
  ],
  delete: ['sso:DeleteApplication'],
} as const

/** The account access manager of an organization: it has one. */
export const applications = family<AccountAccess.Operations>()({
  CreateApplication: {
    requests: (input, call) => [
      {
        action: 'account-access:CreateApplication',
        resource: '*',
        context: requestTags(input.tags),
        decidedIn: call.account.id,
      },
      ...neededInCenter('create', call),
    ],
    run(input, call) {
      const { account, region, deps, now } = call
      if (managedOwner(call) !== account) throw denied()
      const place = ownPlace(account, deps)
      const wantedInstance = input.identitySource.identityCenter?.instanceArn
      if (place === undefined || instanceArn(place.center, account) !== wantedInstance)
        throw invalid(`The instance ${wantedInstance ?? ''} was not found.`)
      if (place.center.kind !== 'organization') throw invalid('The instance is not one of an organization.')
      if (place.center.region !== region)
        throw invalid(`The instance is in ${place.center.region}: the application must be there too.`)
      const tags = checkTags(input.tags ?? {})
      const existing = accessApplicationOf(account)
      if (existing !== undefined) {
        if (!isSame(existing.tags, tags))
          throw fault('AlreadyCreatedException', 'The application exists, with other tags.', 400)
        return { applicationArn: accessApplicationArn(existing, account) }
      }
      const application: AccessApplication = {
        id: hex(16, deps.random),
        region,
        tenant: `aa-${accountDigits(account.id)}`,
        center: place.center.id,
        centerApplication: `apl-${hex(16, deps.random)}`,
        tags,
        createdAt: now,
        updatedAt: now,
      }
      account.table(accessApplications).put(application)
      return { applicationArn: accessApplicationArn(application, account) }
    },
  },
  GetApplication: onApplication(
    ({ applicationArn }: AccountAccess.GetApplicationRequest) => applicationArn,
    (input, call) => {
      const { application, owner } = getPlace(input.applicationArn, call)
      const { center, centerApplication, tenant, createdAt, updatedAt, tags } = application
      return {
        identitySource: {
          identityCenter: {
            instanceArn: instanceArn({ id: center }, owner),
            applicationArn: `arn:${owner.partition}:sso::${owner.id}:application/${center}/${centerApplication}`,
          },
        },
        status: 'ACTIVE' as const,
        tenantId: tenant,
        createdAt,
        updatedAt,
        tags: tagsMap(tags),
      }
    },
  ),
  DeleteApplication: {
    ...onApplication(
      ({ applicationArn }: AccountAccess.DeleteApplicationRequest) => applicationArn,
      (input, call) => {
        // a delegated administrator does not end the manager (behaviour SSO-172)
        if (managedOwner(call) !== call.account) throw denied()
        const place = findPlace(input.applicationArn, call)
        if (place === undefined) return {}
        const table = place.owner.table(accessEntitlements)
        for (const { id } of [...table.values()]) table.delete(id)
        place.owner.table(accessApplications).delete(place.application.id)
        return {}
      },
    ),
    requests: (input, call) => [
      {
        action: 'account-access:DeleteApplication',
        resource: input.applicationArn,
        decidedIn: call.account.id,
      },
      ...neededInCenter('delete', call),
    ],
  },
  ListApplications: {
    requests: (_input, call) => [
      { action: 'account-access:ListApplications', resource: '*', decidedIn: call.account.id },
    ],
    run(_input, call) {
      const owner = managedOwner(call)
      const application = owner && accessApplicationOf(owner)
      if (owner === undefined || application?.region !== call.region) return { applications: [] }
      const { tenant: tenantId, createdAt, updatedAt } = application
      return {
        applications: [
          { applicationArn: accessApplicationArn(application, owner), tenantId, createdAt, updatedAt },
        ],
      }
    },
  },
})

function neededInCenter(kind: keyof typeof needs, { account, deps }: Call): readonly AccessRequest[] {
  const center = ownPlace(account, deps)?.center
  const parts = { AccountId: account.id, InstanceId: center?.id }
  return needs[kind].flatMap((action) => catalogueRequests(action, parts, {}, account))
}

function isSame(a: AccessApplication['tags'], b: AccessApplication['tags']): boolean {
  const texts = (tags: AccessApplication['tags']) =>
    JSON.stringify(tags.map(({ Key, Value }) => [Key, Value]).sort(([x = ''], [y = '']) => (x < y ? -1 : 1)))
  return texts(a) === texts(b)
}
