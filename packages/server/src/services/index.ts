import type { ServedApi } from '../authorization/index.ts'
import { cloudtrail } from './cloudtrail/index.ts'
import { cognitoIdentity } from './cognito-identity/index.ts'
import { ec2 } from './ec2/index.ts'
import { eks } from './eks/index.ts'
import { eksAuth } from './eks-auth/index.ts'
import { iam } from './iam/index.ts'
import { iamToolbox } from './iam-toolbox/index.ts'
import { identityStore } from './identitystore/index.ts'
import { lambda } from './lambda/index.ts'
import { omen } from './omen/index.ts'
import { organizations } from './organizations/index.ts'
import { rolesAnywhere } from './rolesanywhere/index.ts'
import { signin } from './signin/index.ts'
import { sso } from './sso/index.ts'
import { ssoAdmin } from './sso-admin/index.ts'
import { ssoOidc } from './sso-oidc/index.ts'
import { sts } from './sts/index.ts'

/** Every API that this server serves. */
export const servedApis: readonly ServedApi[] = [
  cloudtrail,
  cognitoIdentity,
  ec2,
  eks,
  eksAuth,
  iam,
  iamToolbox,
  identityStore,
  lambda,
  omen,
  organizations,
  rolesAnywhere,
  signin,
  sso,
  ssoAdmin,
  ssoOidc,
  sts,
]
