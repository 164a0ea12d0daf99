import type { TechniqueNeed } from '../../authorization/catalogue/index.ts'

const on = {
  target: { is: 'target' },
  policy: { is: 'policy' },
  wearer: { is: 'wearer' },
} as const

/** The calls of a technique's user that a fact may ask for besides those of the row, with what each is about. */
export const furtherCalls = {
  accessKeyRoom: [{ action: 'iam:DeleteAccessKey', on: on.target }],
  noLoginProfile: [
    { action: 'iam:UpdateLoginProfile', on: on.target },
    { action: 'iam:DeleteLoginProfile', on: on.target },
  ],
  noMfa: [{ action: 'iam:DeactivateMFADevice', on: on.target }],
  versionRoom: [{ action: 'iam:DeletePolicyVersion', on: on.policy }],
  passRoleUnsettled: [{ action: 'iam:PassRole', on: on.target }],
  unsigned: [{ action: 'lambda:DeleteFunctionCodeSigningConfig', on: on.wearer }],
  notebookInService: [{ action: 'sagemaker:StartNotebookInstance', on: on.wearer }],
  instanceRuns: [{ action: 'ec2:StartInstances', on: on.wearer }],
  stackInstances: [
    {
      action: 'cloudformation:CreateStackInstances',
      on: { is: 'thing', type: 'AWS::CloudFormation::StackSet' },
    },
  ],
} as const satisfies Readonly<Record<string, readonly TechniqueNeed[]>>

/** The further calls of facts; of other facts none. */
export function furtherCallsOf(facts: Iterable<string>): readonly TechniqueNeed[] {
  const all: Readonly<Record<string, readonly TechniqueNeed[] | undefined>> = furtherCalls
  return [...facts].flatMap((fact) => all[fact] ?? [])
}

/** Facts that compare the names of two existing resources: of such a technique no two resources are alike. */
export const comparingFacts: ReadonlySet<string> = new Set(['agentTool', 'clusterAssumes', 'serviceOfTask'])
