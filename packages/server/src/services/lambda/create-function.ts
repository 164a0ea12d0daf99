import { type AccessRequest, family, prepared } from '../../authorization/index.ts'
import { fault, uuid } from '../../base/index.ts'
import type { Lambda } from '../../model/index.ts'
import { checkZip, codeFacts, keepCode, zipIn } from './code.ts'
import { checkConfiguration, defaults, refuseWhatIsNotHere, settingsFrom } from './configuration.ts'
import { sealEnvironment } from './environment.ts'
import { conflict, constraint, invalid } from './faults.ts'
import { limits } from './limits.ts'
import { publish } from './publish.ts'
import { functionKey, functions, type LambdaFunction } from './records.ts'
import { checkRole, passRequest } from './role.ts'
import { requestTagKeys, withTags } from './tag.ts'
import { functionArn, functionRequest, getAccount, targetOf } from './target.ts'
import { configurationOut } from './view.ts'

/** CreateFunction passes a role to Lambda. */
export const createFunction = family<Lambda.Operations>()({
  CreateFunction: prepared({
    accounts: (input, call) => [targetOf(input, call).account],
    requests(input, call) {
      const target = targetOf(input, call)
      const tags = requestTagKeys(input.Tags)
      const requests: AccessRequest[] = [
        functionRequest('CreateFunction', target, call, {
          ...tags,
          'lambda:Layer': input.Layers,
          'lambda:CodeSigningConfigArn': input.CodeSigningConfigArn,
          'lambda:SubnetIds': input.VpcConfig?.SubnetIds,
          'lambda:SecurityGroupIds': input.VpcConfig?.SecurityGroupIds,
        }),
      ]
      // tagging in a creation needs the permission to tag as well (behaviour LAM-15)
      if (Object.keys(tags).length > 0) requests.push(functionRequest('TagResource', target, call, tags))
      return [...requests, passRequest(input.Role, target, call)]
    },
    prepare: (input, call) => checkZip(input.Code, call),
    run(input, call, problem) {
      const target = targetOf(input, call)
      if (target.name.length > limits.nameLength)
        throw constraint('functionName', target.name, `length less than or equal to ${limits.nameLength}`)
      if (target.qualifier !== undefined || target.region !== call.region)
        throw invalid(`A function cannot be created as ${functionArn(target)}`)
      const account = getAccount(target, call)
      refuseWhatIsNotHere(input)
      checkConfiguration(input)
      const { Runtime: runtime, Handler: handler } = input
      if (runtime === undefined || handler === undefined || handler === '') {
        throw invalid(
          'Runtime and Handler are mandatory parameters for functions created with deployment packages.',
        )
      }
      const table = account.table(functions)
      const key = functionKey(target.region, target.name)
      if (table.find(key) !== undefined) throw conflict(`Function already exist: ${target.name}`)
      if (table.size >= limits.functionsPerRegion)
        throw fault(
          'TooManyRequestsException',
          `An account has at most ${limits.functionsPerRegion} functions here.`,
          429,
        )
      checkRole(input.Role, account, call)
      const zip = zipIn(input.Code, problem)
      const before = {
        runtime,
        handler,
        ...defaults,
        architectures: input.Architectures ?? defaults.architectures,
      }
      const record: LambdaFunction = {
        key,
        region: target.region,
        name: target.name,
        roleArn: input.Role,
        ...settingsFrom(input, before),
        ...sealEnvironment(input.Environment ?? {}, call),
        ...codeFacts(zip),
        modifiedAt: call.now,
        revisionId: uuid(call.deps.random),
        tags: withTags({}, input.Tags ?? {}),
        permissions: [],
      }
      keepCode(key, zip, account)
      table.put(record)
      if (input.Publish !== true) return configurationOut(record, account.id, call, 'creating')
      return configurationOut(publish(record, account, call), account.id, call, 'creating')
    },
  }),
})
