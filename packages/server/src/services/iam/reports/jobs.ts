import type { Call } from '../../../authorization/index.ts'
import { uuid } from '../../../base/index.ts'
import { type Account, defineTable } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { noSuchEntity } from '../faults.ts'
import { faultTakes, reportTakes } from './timing.ts'

/** A requested report with its result, or with the fault that ended it. */
export interface Job<Report = unknown> {
  readonly id: string
  readonly kind: 'services' | 'organization'
  readonly startedAt: number
  /** Its subject: a user's or role's id, or the caller's ARN. */
  readonly by: string
  /** The subject of the job: a second request for the same may get this job. */
  readonly subject?: string
  readonly report: Report
  readonly fault?: Iam.ErrorDetails
}

/** A job as it is started. */
type Outcome<Report> = Pick<Job<Report>, 'report' | 'subject' | 'fault'>

const jobs = defineTable<Job>({ kind: 'iam/access-job', key: (r) => r.id })

/** The most stored reports of an account, and their lifetime. */
const jobsKept = 50
const keptFor = 7 * 86_400_000

/** Stores a new report and removes the oldest beyond the limit. */
export function startJob<Report>(kind: Job['kind'], outcome: Outcome<Report>, call: Call): string {
  const table = call.account.table(jobs)
  const oldestFirst = [...table.values()].sort((a, b) => a.startedAt - b.startedAt)
  const tooMany = oldestFirst.length - jobsKept + 1
  for (const [index, job] of oldestFirst.entries()) {
    if (index < tooMany || call.now >= job.startedAt + keptFor) table.delete(job.id)
  }
  const id = uuid(call.deps.random)
  table.put({ id, kind, startedAt: call.now, by: jobOwner(call), ...outcome })
  return id
}

/** Returns whether a report of the kind is in progress. */
export function isJobUnderWay(account: Account, kind: Job['kind'], now: number): boolean {
  for (const job of account.table(jobs).values()) {
    if (job.kind === kind && now < completedAt(job)) return true
  }
  return false
}

/** Returns the caller's latest report about a subject that was asked for within some milliseconds. */
export function latestJob(subject: string, within: number, call: Call): Job | undefined {
  const by = jobOwner(call)
  let latest: Job | undefined
  for (const job of call.account.table(jobs).values()) {
    const fits = job.by === by && job.subject === subject && call.now < job.startedAt + within
    if (fits && job.startedAt >= (latest?.startedAt ?? 0)) latest = job
  }
  return latest
}

/** Returns a report of the caller's own. @throws Fault NoSuchEntity (behaviour RPT-11) */
export function getJob<Report>(kind: Job['kind'], id: string, call: Call): Job<Report> {
  const job = call.account.table(jobs).find(id)
  if (job?.kind !== kind || job.by !== jobOwner(call) || call.now >= job.startedAt + keptFor) {
    throw noSuchEntity(`Job ${id} does not exist.`)
  }
  return job as Job<Report> // reports of one kind have one form
}

/** The answer about a job that has no result: not yet, or never (behaviours RPT-12 and RPT-54). */
interface WithoutResult {
  readonly JobStatus: Iam.JobStatusType
  readonly JobCreationDate: number
  readonly JobCompletionDate?: number
  readonly IsTruncated: false
  readonly ErrorDetails?: Iam.ErrorDetails
}

/** Returns the whole answer about a job that is in progress or has failed, in the words of all three operations. */
export function withoutResult(job: Job, now: number): WithoutResult | undefined {
  const { startedAt: JobCreationDate, fault: ErrorDetails } = job
  if (now < completedAt(job)) return { JobStatus: 'IN_PROGRESS', JobCreationDate, IsTruncated: false }
  if (ErrorDetails === undefined) return undefined
  return {
    JobStatus: 'FAILED',
    JobCreationDate,
    JobCompletionDate: completedAt(job),
    IsTruncated: false,
    ErrorDetails,
  }
}

/** Returns the head of the answer about a job that has a result. */
export function completed(job: Job) {
  return {
    JobStatus: 'COMPLETED',
    JobCreationDate: job.startedAt,
    JobCompletionDate: completedAt(job),
  } as const
}

/** Returns when a report was, or will be, complete or found faulty. */
function completedAt({ startedAt, fault }: Job): number {
  return startedAt + (fault === undefined ? reportTakes : faultTakes)
}

function jobOwner({ caller }: Call): string {
  switch (caller.kind) {
    case 'user':
      return caller.user.id
    case 'role':
      return `${caller.role.id}:${caller.session.sessionName}` // each session for itself (behaviour RPT-11)
    default:
      return 'arn' in caller ? caller.arn : caller.kind
  }
}
