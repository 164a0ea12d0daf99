import type { ServedApi } from '../authorization/index.ts'
import { cloudtrail } from './cloudtrail/index.ts'
import { ec2 } from './ec2/index.ts'
import { iam } from './iam/index.ts'
import { iamToolbox } from './iam-toolbox/index.ts'
import { lambda } from './lambda/index.ts'
import { omen } from './omen/index.ts'
import { organizations } from './organizations/index.ts'
import { signin } from './signin/index.ts'
import { sts } from './sts/index.ts'

/** Every API that this house serves. */
export const servedApis: readonly ServedApi[] = [
  cloudtrail,
  ec2,
  iam,
  iamToolbox,
  lambda,
  omen,
  organizations,
  signin,
  sts,
]
