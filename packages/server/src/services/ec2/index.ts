import { type Served, serveApi } from '../../authorization/index.ts'
import type { Ec2 } from '../../model/index.ts'
import { withConventions } from './convention.ts'
import { keyPair } from './image/key-pair.ts'
import { association } from './instance/association.ts'
import { attached } from './instance/attached.ts'
import { images } from './instance/images.ts'
import { instanceAttribute } from './instance/instance-attribute.ts'
import { instanceTypes } from './instance/instance-types.ts'
import { lifecycle } from './instance/lifecycle.ts'
import { describeInstances } from './launch/describe-instances.ts'
import { launchTemplate } from './launch/launch-template.ts'
import { runInstances } from './launch/run-instances.ts'
import { placement } from './network/placement.ts'
import { routing } from './network/routing.ts'
import { securityGroup } from './network/security-group.ts'
import { securityGroupRule } from './network/security-group-rule.ts'
import { subnet } from './network/subnet.ts'
import { vpc } from './network/vpc.ts'
import { vpcAttribute } from './network/vpc-attribute.ts'
import { tags } from './tags.ts'

// instance/ and launch/ are what Omen is for: instances that assume roles, and the roles that a launch passes. network/ and
// image/ are frozen: they have what a launch needs to name, take corrections, and get no further operations. Lists are declared:
// described.ts interprets their ids, pages and the filters of shown-filters.ts.
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
