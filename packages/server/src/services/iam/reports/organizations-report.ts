import { services } from '../../../authorization/catalogue/index.ts'
import { type Call, family, prepared } from '../../../authorization/index.ts'
import { type AccountId, fault, iamArn } from '../../../base/index.ts'
import type { Iam } from '../../../model/index.ts'
import { page } from '../page.ts'
import { actionOf } from '../target.ts'
import { type Accesses, readAccesses } from './accesses.ts'
import { completedAt, getJob, jobState, jobsUnderWay, startJob } from './jobs.ts'
import {
  entityPathOf,
  type OrganizationEntity,
  organizationEntity,
  readsOrganization,
} from './organization-entity.ts'

/** The last accesses of accounts under an entity in one service. */
interface ServiceRow {
  readonly service: string
  readonly total: number
  readonly last?: { readonly at: number; readonly region: string; readonly path: string }
}

type Report = readonly ServiceRow[]

const underWayMost = 20

/**
 * When the accounts of an organization last called the services that its SCPs allow (behaviours RPT-30 to RPT-33).
 */
export const organizationsReportFamily = family<Iam.Operations>()({
  GenerateOrganizationsAccessReport: prepared({
    requests: (input, call) => [
      {
        action: actionOf(call),
        resource: iamArn(call.account, 'access-report', '/', input.EntityPath),
        context: { 'iam:OrganizationsPolicyId': input.OrganizationsPolicyId },
      },
      ...readsOrganization(input.EntityPath, input.OrganizationsPolicyId, call),
    ],
    async prepare(input, call): Promise<ReadonlyMap<AccountId, Accesses>> {
      const { accounts } = organizationEntity(input.EntityPath, input.OrganizationsPolicyId, call)
      const found = new Map<AccountId, Accesses>()
      for (const account of accounts) found.set(account, await readAccesses(call, account))
      return found
    },
    run(input, call, accesses) {
      if (jobsUnderWay(call.account, 'organization', call.now) >= underWayMost) {
        throw fault('ReportGenerationLimitExceeded', 'Too many reports are being generated.', 409)
      }
      const entity = organizationEntity(input.EntityPath, input.OrganizationsPolicyId, call)
      return { JobId: startJob('organization', rowsOf(entity, accesses, call), call) }
    },
  }),
  GetOrganizationsAccessReport: {
    run(input, call) {
      const job = getJob<Report>('organization', input.JobId, call)
      const head = jobState(job, call.now)
      if (head.JobStatus === 'IN_PROGRESS') return head
      const { report } = job
      const { items, rest } = page(sorted(report, input.SortKey), ({ key }) => key, input)
      return {
        ...head,
        JobCompletionDate: completedAt(job),
        NumberOfServicesAccessible: report.length,
        NumberOfServicesNotAccessed: report.filter(({ total }) => total === 0).length,
        AccessDetails: items.map(({ row }) => rowOut(row)),
        ...rest,
      }
    },
  },
})

function rowsOf(
  { organization, accounts, services: allowed }: OrganizationEntity,
  accesses: ReadonlyMap<AccountId, Accesses>,
  call: Call,
): Report {
  return allowed.map((service): ServiceRow => {
    let last: (ServiceRow['last'] & { readonly account: AccountId }) | undefined
    let total = 0
    for (const account of accounts) {
      for (const uses of accesses.get(account)?.values() ?? []) {
        const use = uses.get(service)
        if (use === undefined) continue
        total++
        if (last === undefined || use.at > last.at)
          last = { at: use.at, region: use.region, path: '', account }
      }
    }
    if (last === undefined) return { service, total }
    const { at, region, account } = last
    return { service, total, last: { at, region, path: entityPathOf(call.account, organization, account) } }
  })
}

interface KeyedRow {
  readonly key: string
  readonly row: ServiceRow
}

/**
 * Returns keys that sort as requested; services that were never called come first, as if called before all others.
 */
function sorted(
  report: Report,
  sortKey: Iam.SortKeyType = 'SERVICE_NAMESPACE_ASCENDING',
): readonly KeyedRow[] {
  const byTime = sortKey.startsWith('LAST_AUTHENTICATED_TIME')
  const ordered = [...report].sort(
    (a, b) => (byTime ? (a.last?.at ?? 0) - (b.last?.at ?? 0) : 0) || (a.service < b.service ? -1 : 1),
  )
  if (sortKey.endsWith('DESCENDING')) ordered.reverse()
  // the report never changes, so an index is a valid marker
  return ordered.map((row, index) => ({ row, key: String(index).padStart(5, '0') }))
}

function rowOut({ service, total, last }: ServiceRow): Iam.AccessDetail {
  return {
    ServiceName: services().get(service) ?? service,
    ServiceNamespace: service,
    TotalAuthenticatedEntities: total,
    ...(last === undefined
      ? {}
      : { Region: last.region, EntityPath: last.path, LastAuthenticatedTime: last.at }),
  }
}
