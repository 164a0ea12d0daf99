import { account, allow, roleArn, type Statement } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, when } from './kinds.ts'

const arn = `arn:aws:lambda:eu-west-1:${account}:function:hook`
const url = 'https://x.lambda-url.eu-west-1.on.aws/'
const everyone = (action: string, key: string, value: string) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: action,
  Resource: arn,
  Condition: { StringEquals: { [key]: value } },
})
const calling = everyone('lambda:InvokeFunctionUrl', 'lambda:FunctionUrlAuthType', 'NONE')
const invoking = everyone('lambda:InvokeFunction', 'lambda:InvokedViaFunctionUrl', 'true')
const policyOf = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement })
const updates = allow('lambda:UpdateFunctionCode', arn)

const hook = (statements: readonly Statement[], members: object): Pick<Kind, 'file' | 'resources'> => ({
  file: dev(statements, {}, { roles: adm({ Service: 'lambda.amazonaws.com' }) }),
  resources: [{ type: 'AWS::Lambda::Function', arn, role: roleArn('adm'), invokedBy: null, ...members }],
})

/** A function's URL runs the attacker's code for everyone. [LAM-81] */
const open: readonly Kind[] = [
  {
    name: 'code of a function whose URL answers everyone [LAM-81]',
    ...hook([updates], { url, policy: policyOf(calling, invoking) }),
    expect: 'proven',
  },
  {
    name: 'its policy lets everyone call the URL, and nobody invoke the function [LAM-81]',
    ...hook([updates], { url, policy: policyOf(calling) }),
    expect: 'no',
  },
  {
    name: 'its policy lets everyone in, and it has no URL [LAM-81]',
    ...hook([updates], { url: null, policy: policyOf(calling, invoking) }),
    expect: 'no',
  },
  {
    name: 'its policy lets in callers of one address alone [LAM-81]',
    ...hook([updates], {
      url,
      policy: policyOf(
        { ...calling, Condition: { ...calling.Condition, IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } } },
        invoking,
      ),
    }),
    expect: 'conditional',
    keys: ['aws:SourceIp'],
  },
  {
    name: 'its URL answers the account, and the caller may call it [LAM-81]',
    ...hook(
      [
        updates,
        allow('lambda:InvokeFunctionUrl', arn, when('StringEquals', 'lambda:FunctionUrlAuthType', 'AWS_IAM')),
        allow('lambda:InvokeFunction', arn, when('Bool', 'lambda:InvokedViaFunctionUrl', 'true')),
      ],
      { url },
    ),
    expect: 'proven',
  },
  {
    name: 'a URL is made, and the caller may call it [LAM-81]',
    ...hook(
      [
        updates,
        allow(['lambda:CreateFunctionUrlConfig', 'lambda:InvokeFunctionUrl']),
        allow('lambda:InvokeFunction', arn, when('Bool', 'lambda:InvokedViaFunctionUrl', 'true')),
      ],
      { url: null },
    ),
    expect: 'proven',
  },
  {
    name: 'a URL is made for everyone [LAM-81]',
    ...hook([updates, allow(['lambda:CreateFunctionUrlConfig', 'lambda:AddPermission'])], { url: null }),
    expect: 'proven',
  },
  {
    name: 'a URL may be made, and nobody may call it [LAM-81]',
    ...hook([updates, allow('lambda:CreateFunctionUrlConfig')], { url: null }),
    expect: 'no',
  },
]

describeKinds({ open })
