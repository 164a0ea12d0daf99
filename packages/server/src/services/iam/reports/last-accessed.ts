import { services } from '../../../authorization/catalogue/index.ts'
import { family, prepared } from '../../../authorization/index.ts'
import type { Iam } from '../../../model/index.ts'
import { invalidInput } from '../faults.ts'
import { toMinute } from '../to-minute.ts'
import { type Accesses, readAccesses } from './accesses.ts'
import { asksAudience, getAudience } from './audience.ts'
import { jobPage } from './job-page.ts'
import { completed, getJob, type Job, startJob, withoutResult } from './jobs.ts'
import { serviceName } from './service-name.ts'
import { type LastAccess, type ServiceReport, type ServicesReport, servicesReport } from './service-report.ts'

/** When users, groups, roles and policies last called which services (behaviours RPT-10 to RPT-24). */
export const lastAccessedFamily = family<Iam.Operations>()({
  GenerateServiceLastAccessedDetails: prepared({
    ...asksAudience((input: Iam.GenerateServiceLastAccessedDetailsRequest) => input.Arn),
    prepare(input, call): Promise<Accesses> {
      const { members } = getAudience(input.Arn, call)
      const only = members.length === 1 && members[0]?.type === 'USER' ? members[0].name : undefined
      return members.length === 0 ? Promise.resolve(new Map()) : readAccesses(call, call.account.id, only)
    },
    run(input, call, accesses) {
      const byAction = input.Granularity === 'ACTION_LEVEL'
      const report = servicesReport(getAudience(input.Arn, call), accesses, byAction)
      return { JobId: startJob('services', { report }, call) }
    },
  }),
  GetServiceLastAccessedDetails: {
    run(input, call) {
      const job = getJob<ServicesReport>('services', input.JobId, call)
      const { report } = job
      const unfinished = withoutResult(job, call.now)
      if (unfinished !== undefined) return unfinished as Iam.GetServiceLastAccessedDetailsResponse // AWS has no more
      const { items, rest } = jobPage(report.services, ({ service }) => service, input)
      return {
        ...completed(job),
        JobType: report.byAction ? 'ACTION_LEVEL' : 'SERVICE_LEVEL',
        ServicesLastAccessed: items.map((service) => serviceOut(service, report)),
        ...rest,
      }
    },
  },
  GetServiceLastAccessedDetailsWithEntities: {
    run(input, call) {
      const job = getJob<ServicesReport>('services', input.JobId, call)
      const unfinished = withoutResult(job, call.now)
      if (unfinished !== undefined) return unfinished as Iam.GetServiceLastAccessedDetailsWithEntitiesResponse // AWS has no more
      const { items, rest } = jobPage(entitiesOf(job, input.ServiceNamespace), ({ key }) => key, input)
      return {
        ...completed(job),
        EntityDetailsList: items.map(({ details }) => details),
        ...rest,
      }
    },
  },
})

function serviceOut(report: ServiceReport, whole: ServicesReport): Iam.ServiceLastAccessed {
  const { service, last, total, actions } = report
  return {
    ServiceName: serviceName(service),
    ServiceNamespace: service,
    TotalAuthenticatedEntities: total,
    ...(last === undefined
      ? {}
      : {
          LastAuthenticated: toMinute(last.at),
          LastAuthenticatedEntity: arnOf(last, whole),
          LastAuthenticatedRegion: last.region,
        }),
    ...(actions === undefined
      ? {}
      : {
          TrackedActionsLastAccessed: actions.map((action) => actionOut(action.action, action.last, whole)),
        }),
  }
}

function actionOut(
  action: string,
  last: LastAccess | undefined,
  whole: ServicesReport,
): Iam.TrackedActionLastAccessed {
  if (last === undefined) return { ActionName: action }
  return {
    ActionName: action,
    LastAccessedEntity: arnOf(last, whole),
    LastAccessedTime: last.at,
    LastAccessedRegion: last.region,
  }
}

function arnOf({ member }: LastAccess, { members }: ServicesReport): string {
  return members[member]?.arn ?? ''
}

interface KeyedDetails {
  readonly key: string
  readonly details: Iam.EntityDetails
}

/**
 * Sorts the entities that could call the service with the policies: the most recent caller first, then those that
 * never did, users before roles and each by name (behaviour RPT-39). @throws Fault InvalidInput for a name that no service
 * has
 */
function entitiesOf({ report }: Job<ServicesReport>, namespace: string): readonly KeyedDetails[] {
  if (!services().has(namespace)) {
    throw invalidInput(`Service namepace ${namespace} is either invalid or unsupported.`) // as AWS spells it
  }
  const service = report.services.find((each) => each.service === namespace)
  if (service === undefined) return []
  const keyed = report.members.map(({ id, type, name, path, arn }, index): KeyedDetails => {
    const at = service.byMember[index]
    // instants count down, so that keys count up
    const rank = String(9_999_999_999_999 - (at ?? 0)).padStart(13, '0')
    return {
      key: `${rank} ${type === 'USER' ? 1 : 2} ${name.toLowerCase()} ${arn}`,
      details: {
        EntityInfo: { Arn: arn, Name: name, Type: type, Id: id, Path: path },
        ...(at === undefined ? {} : { LastAuthenticated: toMinute(at) }),
      },
    }
  })
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1))
}
