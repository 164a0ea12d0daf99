import { junit, sarif } from '../report/index.ts'
import { CommandFailure } from './failure.ts'
import { printReport } from './output.ts'
import { version } from './version.ts'

/**
 * Does the work of a command whose report may be kept in a file: if it fails and the format is SARIF or JUnit, the report
 * says so, because a file of 0 bytes ends the run of each of its readers (behaviour LNT-24). @throws what the work throws
 */
export function orFailureReport<T>(command: string, format: string, work: () => T): T {
  const report = (error: unknown) => {
    if (!(error instanceof CommandFailure)) return error
    const { message } = error
    if (format === 'sarif')
      printReport(sarif({ name: command, version: version(), failure: message }, [], process.cwd()), format)
    if (format === 'junit')
      printReport(junit([{ suite: command, name: 'run', status: 'error', message }]), format)
    return error
  }
  try {
    const result = work()
    if (!(result instanceof Promise)) return result
    const reported: unknown = result.catch((error: unknown) => {
      throw report(error)
    })
    // a promise of the same type as the result
    return reported as T
  } catch (error) {
    throw report(error)
  }
}
