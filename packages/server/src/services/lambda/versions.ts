import { family } from '../../authorization/index.ts'
import type { Lambda } from '../../model/index.ts'
import { refuseWhatIsNotHere } from './configuration.ts'
import { invalid, staleRevision } from './faults.ts'
import { limits } from './limits.ts'
import { publish } from './publish.ts'
import { versionsOf } from './records.ts'
import { getFunction, getLatest, latest, onFunction, targetOf } from './target.ts'
import { configurationOut } from './view.ts'

/**
 * Versions, and what clients read of a function beside them. There is no code signing (behaviours LAM-3 and LAM-61).
 */
export const versions = family<Lambda.Operations>()({
  PublishVersion: {
    ...onFunction<Lambda.PublishVersionRequest>(),
    run(input, call) {
      const { account, record } = getLatest(targetOf(input, call), call)
      refuseWhatIsNotHere(input)
      if (input.RevisionId !== undefined && input.RevisionId !== record.revisionId) throw staleRevision()
      if (input.CodeSha256 !== undefined && input.CodeSha256 !== record.codeSha256) {
        throw invalid(
          `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${record.codeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
        )
      }
      const version = publish(record, account, call, input.Description)
      return configurationOut(version, account.id, call, 'creating', version.version)
    },
  },
  ListVersionsByFunction: {
    ...onFunction<Lambda.ListVersionsByFunctionRequest>(),
    run(input, call) {
      const { qualifier: _, ...whole } = targetOf(input, call)
      const { account, record } = getFunction(whole, call)
      const all = [record, ...versionsOf(record, account)]
      const from = input.Marker === undefined ? -1 : after(input.Marker)
      const left = all.filter(({ version = '0' }) => Number(version) > from)
      const most = Math.min(input.MaxItems ?? limits.pageSize, limits.pageSize)
      const page = left.slice(0, most)
      return {
        Versions: page.map((each) =>
          configurationOut(each, account.id, call, 'omitted', each.version ?? latest),
        ),
        ...(left.length > most ? { NextMarker: page.at(-1)?.version ?? '0' } : {}),
      }
    },
  },
  GetFunctionCodeSigningConfig: {
    ...onFunction<Lambda.GetFunctionCodeSigningConfigRequest>(),
    // without one, the answer lacks the ARN
    run(input, call) {
      const { record } = getFunction(targetOf(input, call), call)
      // the model requires the ARN, and the service omits it
      return { FunctionName: record.name } as Lambda.GetFunctionCodeSigningConfigResponse
    },
  },
})

/** @throws Fault for a marker that no list returned */
function after(marker: string): number {
  if (!/^\d{1,12}$/.test(marker)) throw invalid('Invalid pagination token.')
  return Number(marker)
}
