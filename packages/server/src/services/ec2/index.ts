import { type Served, serveApi } from '../../authorization/index.ts'
import type { Ec2 } from '../../model/index.ts'
import { association } from './association.ts'
import { withConventions } from './convention.ts'
import { describeInstances } from './describe-instances.ts'
import { instanceAttribute } from './instance-attribute.ts'
import { launchTemplate } from './launch-template.ts'
import { lifecycle } from './lifecycle.ts'
import { runInstances } from './run-instances.ts'

/** Operations that are not there yet; each gets an honest fault. */
export type Pending = Exclude<
  keyof Ec2.Operations,
  | keyof typeof association
  | keyof typeof describeInstances
  | keyof typeof instanceAttribute
  | keyof typeof launchTemplate
  | keyof typeof lifecycle
  | keyof typeof runInstances
>

const operations = {
  ...association,
  ...describeInstances,
  ...instanceAttribute,
  ...launchTemplate,
  ...lifecycle,
  ...runInstances,
} satisfies Served<Ec2.Operations, Pending>

export const ec2 = serveApi('ec2', withConventions(operations))
