import { family } from '../../authorization/index.ts'
import {
  type Account,
  type Organization,
  organizationAccounts,
  organizationAttachments,
  organizationalUnits,
  organizationPolicies,
  organizations,
  settings,
  type TableDefinition,
} from '../../directory/index.ts'
import type { Organizations } from '../../model/index.ts'
import { bringAwsPolicies } from './aws-policies.ts'
import { refuse, violates } from './faults.ts'
import { letters } from './ids.ts'
import { within } from './operation.ts'
import { checkMayLink, serviceLinkedRole } from './preconfigured-roles.ts'
import { accountRequests, handshakes, lastValidPolicies } from './records.ts'
import { recordDeparted, recordJoined, serviceEventsOf } from './service-events.ts'
import { outboundTargets, outboundTransfers, transfers } from './transfers/record.ts'
import { hasActiveTransfer } from './transfers/transfer.ts'
import { organizationView } from './view.ts'

/** The organization as a whole. */
export const organization = family<Organizations.Operations>()({
  CreateOrganization: {
    run({ FeatureSet: featureSet = 'ALL' }, call) {
      const { account, deps, now } = call
      const { managementAccount, name, email } = account.settings
      if (managementAccount !== undefined) throw refuse('AlreadyInOrganizationException')
      if (featureSet === 'ALL') checkMayLink(call)
      const created: Organization = {
        id: `o-${letters(10, deps.random)}`,
        rootId: `r-${letters(4, deps.random)}`,
        rootTags: [],
        managementAccount: account.id,
        ...(deps.partition !== 'aws' && { partition: deps.partition }),
        managementEmail: email,
        featureSet,
        enabledPolicyTypes: [],
        trustedServices: [],
        createdAt: now,
      }
      account.table(organizations).put(created)
      account.table(organizationAccounts).put({
        id: account.id,
        name,
        email,
        parentId: created.rootId,
        status: 'ACTIVE',
        joinedMethod: 'INVITED',
        joinedAt: now,
        administers: [],
        tags: [],
      })
      account.table(settings).put({ ...account.settings, managementAccount: account.id })
      if (featureSet === 'ALL') {
        bringAwsPolicies(account)
        serviceLinkedRole(account, call)
      }
      recordJoined(account.id, account.id, 'INVITED', call)
      return { Organization: organizationView(created) }
    },
    event: (_input, _output, call) => serviceEventsOf(call),
  },

  DescribeOrganization: within('members', {
    run: (_input, { organization }) => ({ Organization: organizationView(organization) }),
    event: (_input, output, { account }) =>
      output?.Organization?.Arn === undefined
        ? {}
        : {
            resources: [
              {
                accountId: output.Organization.MasterAccountId ?? account.id,
                type: 'AWS::Organizations::Organization',
                ARN: output.Organization.Arn,
              },
            ],
          },
  }),

  DeleteOrganization: within('management', {
    accounts: (_input, { management }) => outboundTargets(management),
    run(_input, place, call) {
      const { management } = place
      if (management.table(organizationAccounts).size > 1) throw refuse('OrganizationNotEmptyException')
      if (hasActiveTransfer(place, call)) {
        throw violates(
          'ACTIVE_RESPONSIBILITY_TRANSFER_PROCESS',
          'You cannot delete organization due to an ongoing responsibility transfer process. To delete the organization, you must resolve the current transfer process.',
        )
      }
      const { managementAccount: _, ...rest } = management.settings
      management.table(settings).put(rest)
      empty(management, organizations)
      empty(management, organizationAccounts)
      empty(management, organizationalUnits)
      empty(management, organizationPolicies)
      empty(management, organizationAttachments)
      empty(management, accountRequests)
      empty(management, handshakes)
      empty(management, lastValidPolicies)
      empty(management, transfers)
      empty(management, outboundTransfers)
      recordDeparted(management.id, management.id, 'LEFT', call)
    },
  }),
})

function empty<R>(account: Account, definition: TableDefinition<R, never>): void {
  const table = account.table(definition)
  for (const record of [...table.values()]) table.delete(definition.key(record))
}
