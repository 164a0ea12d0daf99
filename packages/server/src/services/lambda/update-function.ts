import { type Call, family, prepared } from '../../authorization/index.ts'
import { uuid } from '../../base/index.ts'
import type { Lambda } from '../../model/index.ts'
import { checkZip, codeFacts, keepCode, zipIn } from './code.ts'
import { checkConfiguration, refuseWhatIsNotHere, settingsFrom } from './configuration.ts'
import { sealEnvironment } from './environment.ts'
import { staleRevision } from './faults.ts'
import { publish } from './publish.ts'
import { functions, type LambdaFunction } from './records.ts'
import { checkRole, passRequest } from './role.ts'
import { type Found, functionRequest, getLatest, onFunction, targetOf } from './target.ts'
import { configurationOut } from './view.ts'

/** New code, or a new configuration, which may have another role. */
export const updateFunction = family<Lambda.Operations>()({
  UpdateFunctionCode: prepared({
    ...onFunction<Lambda.UpdateFunctionCodeRequest>(),
    prepare: (input, call) => checkZip(input, call),
    run(input, call, problem) {
      const { account, record } = getLatest(targetOf(input, call), call)
      checkRevision(record, input.RevisionId)
      refuseWhatIsNotHere(input)
      const zip = zipIn(input, problem)
      const changed = {
        ...record,
        ...codeFacts(zip),
        architectures: input.Architectures ?? record.architectures,
        modifiedAt: call.now,
      }
      if (input.DryRun === true) return configurationOut(changed, account.id, call)
      keepCode(record.key, zip, account)
      const updated = keep(account, changed, call)
      if (input.Publish !== true) return configurationOut(updated, account.id, call, 'updating')
      const version = publish(updated, account, call)
      return configurationOut(version, account.id, call, 'updating', version.version)
    },
  }),
  UpdateFunctionConfiguration: {
    accounts: (input, call) => [targetOf(input, call).account],
    requests(input, call) {
      const target = targetOf(input, call)
      const request = functionRequest('UpdateFunctionConfiguration', target, call, {
        'lambda:Layer': input.Layers,
        'lambda:SubnetIds': input.VpcConfig?.SubnetIds,
        'lambda:SecurityGroupIds': input.VpcConfig?.SecurityGroupIds,
      })
      // asked whenever a role is named, changed or not (behaviour LAM-12)
      return input.Role === undefined ? [request] : [request, passRequest(input.Role, target, call)]
    },
    run(input, call) {
      const { account, record } = getLatest(targetOf(input, call), call)
      checkRevision(record, input.RevisionId)
      refuseWhatIsNotHere(input)
      checkConfiguration(input)
      if (input.Role !== undefined) checkRole(input.Role, account, call)
      const { sealedEnvironment: before, ...bare } = record
      const environment =
        input.Environment === undefined
          ? before !== undefined && { sealedEnvironment: before }
          : sealEnvironment(input.Environment, call)
      const changed = {
        ...bare,
        ...settingsFrom(input, record),
        ...environment,
        roleArn: input.Role ?? record.roleArn,
        modifiedAt: call.now,
      }
      return configurationOut(keep(account, changed, call), account.id, call, 'updating')
    },
  },
})

function checkRevision({ revisionId }: LambdaFunction, given: string | undefined): void {
  if (given !== undefined && given !== revisionId) throw staleRevision()
}

function keep(account: Found['account'], changed: LambdaFunction, call: Call): LambdaFunction {
  const record = { ...changed, revisionId: uuid(call.deps.random) }
  account.table(functions).put(record)
  return record
}
