import { account, allow, deny, roleArn, type Statement, userArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, lambda, passing, when } from './kinds.ts'

const makes = (...more: readonly Statement[]) => passing(undefined, [allow('lambda:CreateFunction'), ...more])
const url = ['lambda:CreateFunctionUrlConfig', 'lambda:InvokeFunctionUrl']
const throughUrl = when('Bool', 'lambda:InvokedViaFunctionUrl', 'true')
const type = (value: string) => when('StringEquals', 'lambda:FunctionUrlAuthType', value)

const fresh: readonly Kind[] = [
  {
    name: 'a URL, and the function may not be invoked [LAM-81]',
    file: makes(allow(url), deny('lambda:InvokeFunction')),
    expect: 'proven',
  },
  {
    name: 'a URL, and the function may be invoked through it alone [LAM-81]',
    file: makes(allow(url), allow('lambda:InvokeFunction', '*', throughUrl)),
    expect: 'proven',
  },
  {
    name: 'no URL, and the function may be invoked through one alone [LAM-81]',
    file: makes(allow('lambda:InvokeFunction', '*', throughUrl)),
    expect: 'no',
  },
  {
    name: 'a URL for everyone, to whom the function is opened [LAM-81]',
    file: makes(
      allow(['lambda:CreateFunctionUrlConfig', 'lambda:AddPermission']),
      deny('lambda:InvokeFunction'),
    ),
    expect: 'proven',
  },
  {
    name: 'a URL for callers with a signature, and a function that is opened to everyone [LAM-81]',
    file: makes(
      allow('lambda:CreateFunctionUrlConfig', '*', type('AWS_IAM')),
      allow('lambda:AddPermission'),
      deny('lambda:InvokeFunction'),
    ),
    expect: 'no',
  },
  {
    name: 'a function that is opened for URLs alone, which is no call of lambda:InvokeFunction [LAM-82]',
    file: makes(allow('lambda:AddPermission', '*', type('AWS_IAM'))),
    expect: 'no',
  },
  {
    name: 'a function that is opened to dev alone [LAM-81]',
    file: makes(
      allow('lambda:CreateFunctionUrlConfig'),
      allow('lambda:AddPermission', '*', when('StringEquals', 'lambda:Principal', userArn('dev'))),
      deny('lambda:InvokeFunction'),
    ),
    expect: 'no',
  },
]

const pay = [
  {
    type: 'AWS::Lambda::Function',
    arn: `arn:aws:lambda:eu-west-1:${account}:function:pay`,
    role: roleArn('adm'),
    url: true,
    invokedBy: false,
  },
]
const changes = (...statements: readonly Statement[]) =>
  dev(
    [allow(['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionUrlConfig']), ...statements],
    {},
    {
      roles: adm(lambda),
    },
  )

const existing: readonly Kind[] = [
  {
    name: 'a URL that is opened, of a function that lets nobody in [LAM-81]',
    file: changes(),
    resources: pay,
    expect: 'no',
  },
  {
    name: 'a URL that is opened, of a function that is opened too [LAM-81]',
    file: changes(allow('lambda:AddPermission'), deny('lambda:InvokeFunction')),
    resources: pay,
    expect: 'proven',
  },
]

describeKinds({ fresh, existing })
