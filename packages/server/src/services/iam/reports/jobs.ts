import type { Call } from '../../../authorization/index.ts'
import { uuid } from '../../../base/index.ts'
import { type Account, defineTable } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { noSuchEntity } from '../faults.ts'
import { isUnderWay, reportTakes } from './timing.ts'

/** A requested report with its result. */
export interface Job<Report = unknown> {
  readonly id: string
  readonly kind: 'services' | 'organization'
  readonly startedAt: number
  /** Its subject: a user's or role's id, or the caller's ARN. */
  readonly by: string
  readonly report: Report
}

const jobs = defineTable<Job>({ kind: 'iam/access-job', key: (r) => r.id })

/** The most stored reports of an account, and their lifetime. */
const jobsKept = 50
const keptFor = 7 * 86_400_000

/** Stores a new report and removes the oldest beyond the limit. */
export function startJob<Report>(kind: Job['kind'], report: Report, call: Call): string {
  const table = call.account.table(jobs)
  const oldestFirst = [...table.values()].sort((a, b) => a.startedAt - b.startedAt)
  const tooMany = oldestFirst.length - jobsKept + 1
  for (const [index, job] of oldestFirst.entries()) {
    if (index < tooMany || call.now >= job.startedAt + keptFor) table.delete(job.id)
  }
  const id = uuid(call.house.random)
  table.put({ id, kind, startedAt: call.now, by: jobOwner(call), report })
  return id
}

/** Returns the reports of the kind that are in progress. */
export function jobsUnderWay(account: Account, kind: Job['kind'], now: number): number {
  let count = 0
  for (const job of account.table(jobs).values()) {
    if (job.kind === kind && isUnderWay(job.startedAt, now)) count++
  }
  return count
}

/** Returns a report of the caller's own. @throws Fault NoSuchEntity (behaviour RPT-11) */
export function getJob<Report>(kind: Job['kind'], id: string, call: Call): Job<Report> {
  const job = call.account.table(jobs).find(id)
  if (job?.kind !== kind || job.by !== jobOwner(call) || call.now >= job.startedAt + keptFor) {
    throw noSuchEntity(`Job ${id} does not exist.`)
  }
  return job as Job<Report> // reports of one kind have one form
}

/** Returns the state of a job, in the words of all three kinds of answers. */
export function jobState(
  job: Job,
  now: number,
): { readonly JobStatus: Iam.JobStatusType; readonly JobCreationDate: number } {
  return {
    JobStatus: isUnderWay(job.startedAt, now) ? 'IN_PROGRESS' : 'COMPLETED',
    JobCreationDate: job.startedAt,
  }
}

/** Returns when a report was, or will be, complete. */
export function completedAt(job: Job): number {
  return job.startedAt + reportTakes
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
