import { type Call, family, prepared } from '../../../authorization/index.ts'
import { type AccountId, factsOf, fault, iamArn } from '../../../base/index.ts'
import type { Iam } from '../../../model/index.ts'
import { sortedBy } from '../page.ts'
import { actionOf } from '../target.ts'
import { type Accesses, readAccesses } from './accesses.ts'
import { jobPage } from './job-page.ts'
import { completed, getJob, isJobUnderWay, latestJob, startJob, withoutResult } from './jobs.ts'
import {
  entityPathOf,
  type OrganizationEntity,
  organizationEntity,
  organizationOfPath,
} from './organization-entity.ts'
import { serviceName } from './service-name.ts'

/** The last accesses of accounts under an entity in one service. */
interface ServiceRow {
  readonly service: string
  readonly total: number
  readonly last?: { readonly at: number; readonly region: string; readonly path: string }
}

type Report = readonly ServiceRow[]

/** How long a caller that asks again for the same gets the same job (behaviour RPT-55). */
const keptFor = 60_000

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
    ],
    async prepare(input, call): Promise<ReadonlyMap<AccountId, Accesses>> {
      const accesses = new Map<AccountId, Accesses>()
      const organization = organizationOfPath(input.EntityPath, call)
      if (sameJob(input, call) !== undefined) return accesses
      const entity = organizationEntity(input.EntityPath, input.OrganizationsPolicyId, organization, call)
      if ('Code' in entity) return accesses
      for (const account of entity.accounts) accesses.set(account, await readAccesses(call, account))
      return accesses
    },
    run(input, call, accesses) {
      const organization = organizationOfPath(input.EntityPath, call)
      const same = sameJob(input, call)
      if (same !== undefined) return { JobId: same }
      const subject = subjectOf(input)
      const entity = organizationEntity(input.EntityPath, input.OrganizationsPolicyId, organization, call)
      const outcome =
        'Code' in entity ? { report: [], fault: entity } : { report: rowsOf(entity, accesses, call) }
      return { JobId: startJob<Report>('organization', { subject, ...outcome }, call) }
    },
  }),
  GetOrganizationsAccessReport: {
    run(input, call) {
      const job = getJob<Report>('organization', input.JobId, call)
      const unfinished = withoutResult(job, call.now)
      if (unfinished !== undefined) return unfinished
      const { report } = job
      const { SortKey: order = 'SERVICE_NAMESPACE_ASCENDING' } = input
      const { items, rest } = jobPage(sorted(report, order), ({ key }) => key, input, order)
      return {
        ...completed(job),
        NumberOfServicesAccessible: report.length,
        NumberOfServicesNotAccessed: report.filter(({ total }) => total === 0).length,
        AccessDetails: items.map(({ row }) => rowOut(row, call)),
        ...rest,
      }
    },
  },
})

/**
 * Returns the job of the caller's last request for the same, if it is recent. @throws Fault ReportGenerationLimitExceeded
 * if there is none, and another one is under way (behaviour RPT-56)
 */
function sameJob(input: Iam.GenerateOrganizationsAccessReportRequest, call: Call): string | undefined {
  const same = latestJob(subjectOf(input), keptFor, call)
  if (same !== undefined) return same.id
  if (!isJobUnderWay(call.account, 'organization', call.now)) return undefined
  throw fault('ReportGenerationLimitExceeded', 'Maximum number of concurrent jobs exceeded', 409)
}

function subjectOf(input: Iam.GenerateOrganizationsAccessReportRequest): string {
  return `${input.EntityPath} ${input.OrganizationsPolicyId ?? ''}`
}

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
 * The order of services that were never called, as far as it is known: AWS has one of its own. The empty text is for
 * all others, by name (behaviour RPT-57).
 */
const neverCalled: readonly string[] = [
  's3',
  'partnercentral',
  'resource-groups',
  'signer',
  'savingsplans',
  '',
  'sqs',
  'iam',
]

/** Returns keys that sort as requested; services that were never called come first, as if called before all others. */
function sorted(report: Report, order: Iam.SortKeyType): readonly KeyedRow[] {
  const ordered = order.startsWith('LAST_AUTHENTICATED_TIME')
    ? sortedBy(report, ({ service, last }) => `${last?.at ?? 0} ${rankOf(service)} ${service}`)
    : sortedBy(report, ({ service }) => service)
  const turned = order.endsWith('DESCENDING') ? ordered.toReversed() : ordered
  // the report never changes, so an index is a valid marker
  return turned.map((row, index) => ({ row, key: String(index).padStart(5, '0') }))
}

function rankOf(service: string): number {
  return neverCalled.indexOf(neverCalled.includes(service) ? service : '')
}

function rowOut({ service, total, last }: ServiceRow, { deps }: Call): Iam.AccessDetail {
  // IAM has one region, also where it was never called (behaviour RPT-51)
  const region = last?.region ?? (service === 'iam' ? factsOf(deps.partition).globalRegion : undefined)
  return {
    ServiceName: serviceName(service),
    ServiceNamespace: service,
    TotalAuthenticatedEntities: total,
    ...(region !== undefined && { Region: region }),
    ...(last !== undefined && { EntityPath: last.path, LastAuthenticatedTime: last.at }),
  }
}
