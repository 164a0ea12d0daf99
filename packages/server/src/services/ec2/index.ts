import { type Served, serveApi } from '../../authorization/index.ts'
import type { Ec2 } from '../../model/index.ts'
import { association } from './association.ts'
import { attached } from './attached.ts'
import { withConventions } from './convention.ts'
import { describeInstances } from './describe-instances.ts'
import { images } from './images.ts'
import { instanceAttribute } from './instance-attribute.ts'
import { instanceTypes } from './instance-types.ts'
import { keyPair } from './key-pair.ts'
import { launchTemplate } from './launch-template.ts'
import { lifecycle } from './lifecycle.ts'
import { placement } from './placement.ts'
import { routing } from './routing.ts'
import { runInstances } from './run-instances.ts'
import { securityGroup } from './security-group.ts'
import { securityGroupRule } from './security-group-rule.ts'
import { subnet } from './subnet.ts'
import { tags } from './tags.ts'
import { vpc } from './vpc.ts'
import { vpcAttribute } from './vpc-attribute.ts'

const operations = {
  ...association,
  ...attached,
  ...describeInstances,
  ...images,
  ...instanceAttribute,
  ...instanceTypes,
  ...keyPair,
  ...launchTemplate,
  ...lifecycle,
  ...placement,
  ...routing,
  ...runInstances,
  ...securityGroup,
  ...securityGroupRule,
  ...subnet,
  ...tags,
  ...vpc,
  ...vpcAttribute,
} satisfies Served<Ec2.Operations>

export const ec2 = serveApi('ec2', withConventions(operations))
