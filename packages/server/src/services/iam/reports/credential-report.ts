import { gunzipSync, gzipSync } from 'node:zlib'
import { family } from '../../../authorization/index.ts'
import { fault } from '../../../base/index.ts'
import { type Account, defineTable } from '../../../directory/index.ts'
import type { Iam } from '../../../model/index.ts'
import { credentialCsv } from './credential-csv.ts'
import { isUnderWay } from './timing.ts'

/** The account's newest credential report, as of its generation. */
interface CredentialReport {
  readonly id: 'credential-report'
  readonly startedAt: number
  /** The CSV, as gzip in base64: rows of thousands of users are similar. */
  readonly csv: string
}

const credentialReports = defineTable<CredentialReport>({
  kind: 'iam/credential-report',
  key: (r) => r.id,
})

/** A report is valid for four hours; no other is generated meanwhile. */
const goodFor = 4 * 3_600_000

/** The state of every user's credentials, as CSV (behaviours RPT-1 to RPT-7). */
export const credentialReportFamily = family<Iam.Operations>()({
  GenerateCredentialReport: {
    run(_input, { account, now }) {
      const report = find(account)
      if (report !== undefined && now < report.startedAt + goodFor) {
        return isUnderWay(report.startedAt, now) ? { State: 'INPROGRESS' } : { State: 'COMPLETE' }
      }
      const csv = gzipSync(credentialCsv(account)).toString('base64')
      account.table(credentialReports).put({ id: 'credential-report', startedAt: now, csv })
      return { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' }
    },
  },
  GetCredentialReport: {
    run(_input, { account, now }) {
      const report = find(account)
      if (report === undefined) {
        throw saysNothing('ReportNotPresent', 410)
      }
      if (isUnderWay(report.startedAt, now)) {
        throw saysNothing('ReportInProgress', 404)
      }
      if (now >= report.startedAt + goodFor) {
        throw saysNothing('ReportExpired', 410)
      }
      return {
        Content: gunzipSync(Buffer.from(report.csv, 'base64')),
        ReportFormat: 'text/csv',
        GeneratedTime: report.startedAt,
      }
    },
  },
})

/** AWS's faults about reports have no message (behaviour RPT-2). */
function saysNothing(code: string, status: number) {
  return fault(code, '', status)
}

function find(account: Account): CredentialReport | undefined {
  return account.table(credentialReports).find('credential-report')
}
